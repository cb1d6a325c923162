'use strict';
// What Node-RED, dashboards and browsers do, by the client they use. Arguments: URL and protocol version (4 or 5).
// Says "ok NAME" for each scenario; the first failure ends it with exit code 1 and its reason.
const assert = require('node:assert');
const mqtt = require('mqtt');

const [url, version] = [process.argv[2], Number(process.argv[3])];
const five = version === 5;
const run = `${version}-${process.pid}`;

function options(extra) {
  return { protocolVersion: version, reconnectPeriod: 0, connectTimeout: 10000, path: '/mqtt', ...extra };
}

async function connected(extra = {}) {
  return mqtt.connectAsync(url, options(extra));
}

/** The next messages that come, so many. */
function messages(client, count) {
  return new Promise((resolve) => {
    const got = [];
    client.on('message', (topic, payload, packet) => {
      got.push({ topic, payload: payload.toString(), retain: packet.retain, qos: packet.qos, properties: packet.properties });
      if (got.length === count) resolve(got);
    });
  });
}

const texts = (got) => got.map((message) => message.payload);
const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

const scenarios = {
  async everyQosArrivesInOrder() {
    const reader = await connected();
    const writer = await connected();
    for (const qos of [0, 1, 2]) {
      const topic = `js/${run}/qos${qos}`;
      await reader.subscribeAsync(topic, { qos });
      const coming = messages(reader, 50);
      const sent = [];
      for (let i = 0; i < 50; i++) sent.push(String(i));
      await Promise.all(sent.map((text) => writer.publishAsync(topic, text, { qos })));
      const got = await coming;
      assert.deepStrictEqual(texts(got), sent);
      assert.ok(got.every((message) => message.qos === qos));
      reader.removeAllListeners('message');
    }
    await Promise.all([reader.endAsync(), writer.endAsync()]);
  },

  async aRetainedMessageWaitsForItsSubscriber() {
    const topic = `js/${run}/retained`;
    const writer = await connected();
    await writer.publishAsync(topic, 'kept', { qos: 1, retain: true });
    const reader = await connected();
    const coming = messages(reader, 1);
    await reader.subscribeAsync(topic, { qos: 1 });
    const [got] = await coming;
    assert.strictEqual(got.payload, 'kept');
    assert.strictEqual(got.retain, true);
    await writer.publishAsync(topic, '', { qos: 1, retain: true });
    await Promise.all([reader.endAsync(), writer.endAsync()]);
  },

  async aWillIsPublishedWhenItsClientIsGone() {
    const topic = `js/${run}/will`;
    const reader = await connected();
    await reader.subscribeAsync(topic, { qos: 1 });
    const coming = messages(reader, 1);
    const mortal = await connected({ will: { topic, payload: Buffer.from('gone'), qos: 1, retain: false } });
    mortal.on('error', () => {});
    mortal.stream.destroy();
    assert.deepStrictEqual(texts(await coming), ['gone']);
    await Promise.all([reader.endAsync(), mortal.endAsync(true)]);
  },

  async anUnsubscribedClientHearsNothing() {
    const topic = `js/${run}/unsubscribed`;
    const client = await connected();
    await client.subscribeAsync([topic, `${topic}/end`], { qos: 1 });
    await client.unsubscribeAsync(topic);
    const coming = messages(client, 1);
    await client.publishAsync(topic, 'unheard', { qos: 1 });
    await client.publishAsync(`${topic}/end`, 'heard', { qos: 1 });
    assert.deepStrictEqual(texts(await coming), ['heard']);
    await client.endAsync();
  },

  async aSessionKeepsWhatCameWhileItsClientWasAway() {
    const topic = `js/${run}/session`;
    const session = { clientId: `js-${run}`, clean: false, properties: five ? { sessionExpiryInterval: 600 } : undefined };
    const away = await connected(session);
    await away.subscribeAsync(topic, { qos: 2 });
    await away.endAsync();
    const writer = await connected();
    for (const text of ['a', 'b', 'c']) await writer.publishAsync(topic, text, { qos: 2 });
    const back = mqtt.connect(url, options(session));
    const coming = messages(back, 3);
    const connack = await once(back, 'connect');
    assert.strictEqual(connack.sessionPresent, true);
    assert.deepStrictEqual(texts(await coming), ['a', 'b', 'c']);
    await Promise.all([back.endAsync(), writer.endAsync()]);
    const last = await connected({ ...session, clean: true, properties: undefined });
    await last.endAsync();
  },

  async aClientThatReconnectsByItselfLosesNothing() {
    const topic = `js/${run}/reconnect`;
    const reader = await connected({
      clientId: `js-back-${run}`,
      clean: false,
      reconnectPeriod: 50,
      properties: five ? { sessionExpiryInterval: 600 } : undefined,
    });
    reader.on('error', () => {});
    await reader.subscribeAsync(topic, { qos: 1 });
    const seen = new Set();
    const all = new Promise((resolve) => {
      reader.on('message', (where, payload) => {
        seen.add(payload.toString());
        if (seen.size === 30) resolve();
      });
    });
    const writer = await connected();
    for (let i = 0; i < 30; i++) {
      if (i % 10 === 5) {
        const again = once(reader, 'connect');
        reader.stream.destroy();
        await again;
      }
      await writer.publishAsync(topic, String(i), { qos: 1 });
    }
    await all;
    await Promise.all([reader.endAsync(true), writer.endAsync()]);
  },
};

const fiveOnly = {
  async membersOfASharedSubscriptionDivideTheMessages() {
    const filter = `$share/group/js/${run}/shared`;
    const members = await Promise.all([connected(), connected()]);
    const got = members.map(() => []);
    const all = new Promise((resolve) => {
      members.forEach((member, i) => {
        member.on('message', (topic, payload) => {
          got[i].push(payload.toString());
          if (got[0].length + got[1].length === 40) resolve();
        });
      });
    });
    for (const member of members) await member.subscribeAsync(filter, { qos: 1 });
    const writer = await connected();
    const sent = [];
    for (let i = 0; i < 40; i++) {
      sent.push(String(i));
      await writer.publishAsync(`js/${run}/shared`, String(i), { qos: 1 });
    }
    await all;
    assert.deepStrictEqual([...got[0], ...got[1]].map(Number).sort((a, b) => a - b), sent.map(Number));
    assert.ok(got[0].length > 0 && got[1].length > 0);
    await Promise.all([...members, writer].map((client) => client.endAsync()));
  },

  async propertiesArriveAsTheyWereSent() {
    const topic = `js/${run}/properties`;
    const client = await connected({ properties: { topicAliasMaximum: 10 }, autoUseTopicAlias: true, autoAssignTopicAlias: true });
    await client.subscribeAsync(topic, { qos: 1, properties: { subscriptionIdentifier: 7 } });
    const coming = messages(client, 3);
    for (let i = 0; i < 3; i++) {
      await client.publishAsync(topic, String(i), {
        qos: 1,
        properties: {
          contentType: 'application/json',
          responseTopic: 'answers',
          correlationData: Buffer.from([1, 2]),
          messageExpiryInterval: 60,
          userProperties: { shop: '上海' },
        },
      });
    }
    for (const { topic: where, properties } of await coming) {
      assert.strictEqual(where, topic);
      assert.strictEqual(properties.contentType, 'application/json');
      assert.strictEqual(properties.responseTopic, 'answers');
      assert.deepStrictEqual([...properties.correlationData], [1, 2]);
      assert.strictEqual(properties.subscriptionIdentifier, 7);
      assert.strictEqual(properties.userProperties.shop, '上海');
      assert.ok(properties.messageExpiryInterval <= 60);
    }
    await client.endAsync();
  },

  async aReasonCodeIsSaid() {
    const client = await connected();
    const granted = await client.subscribeAsync(`js/${run}/nobody`, { qos: 2 });
    assert.strictEqual(granted[0].qos, 2);
    const refused = await connected({ username: 'nobody', password: 'guess' }).then(
      () => null,
      (error) => error,
    );
    assert.ok(refused && [134, 135].includes(refused.code), `refused with ${refused && refused.code}`);
    await client.endAsync();
  },
};

(async () => {
  for (const [name, scenario] of Object.entries({ ...scenarios, ...(five ? fiveOnly : {}) })) {
    try {
      await Promise.race([
        scenario(),
        new Promise((_, reject) => setTimeout(() => reject(new Error('not done within 20 s')), 20000).unref()),
      ]);
    } catch (error) {
      console.log(`failed ${name}: ${error && error.stack}`);
      process.exit(1);
    }
    console.log(`ok ${name}`);
  }
  process.exit(0);
})();
