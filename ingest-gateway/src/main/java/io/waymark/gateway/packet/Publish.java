package io.waymark.gateway.packet;

import java.util.List;

/**
 * PUBLISH, in either direction.
 *
 * @param topic empty only when a topic alias stands for it
 * @param qos 0, 1 or 2
 * @param retain the RETAIN flag
 * @param duplicate the DUP flag
 * @param packetId 1..65535, or 0 for QoS 0
 * @param topicAlias 1..65535, or 0 for none
 * @param properties of the message
 * @param subscriptionIds which subscriptions matched; only towards clients
 * @param payload owned by the packet
 * @see "MQTT 5.0 §3.3"
 */
public record Publish(
        String topic,
        int qos,
        boolean retain,
        boolean duplicate,
        int packetId,
        int topicAlias,
        MessageProperties properties,
        List<Integer> subscriptionIds,
        byte[] payload)
        implements Packet {
    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }

    /** The same under another topic name: the one its alias stands for. */
    public Publish withTopic(String name) {
        return new Publish(name, qos, retain, duplicate, packetId, topicAlias, properties, subscriptionIds, payload);
    }

    /** The same with an alias and the topic name beside it, or empty when the alias alone is to stand for it. */
    public Publish withAlias(String name, int alias) {
        return new Publish(name, qos, retain, duplicate, packetId, alias, properties, subscriptionIds, payload);
    }
}
