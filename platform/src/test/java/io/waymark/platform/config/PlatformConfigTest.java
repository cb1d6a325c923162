package io.waymark.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.bridge.BridgeConfig;
import io.waymark.gateway.bridge.DeviceTemplate;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.platform.http.HttpConfig;
import io.waymark.resolver.ResolverConfig;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.feed.FeedConfig;
import io.waymark.resolver.rate.Network;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.ConnectionLimits;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.resolver.tls.TlsSettings;
import io.waymark.resolver.upstream.SignaturePolicy;
import io.waymark.resolver.upstream.Targets;
import io.waymark.resolver.upstream.UpstreamConfig;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.HistoryPolicy;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.trace.TraceConfig.ReadPointRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformConfigTest {
    @TempDir
    Path dir;

    @Test
    void defaultsAreThoseOfEachRoom() throws ConfigException {
        PlatformConfig config = PlatformConfig.read(ConfigInput.of(Map.of()));

        assertThat(config.services()).containsExactlyInAnyOrder(Service.values());
        assertThat(config.dataDirectory()).isEqualTo(Path.of("data"));
        assertThat(config.logFormat()).isEqualTo(LogFormat.TEXT);
        assertThat(config.resolver())
                .isEqualTo(ResolverConfig.defaults()
                        .withStatistics(StatisticsConfig.defaults(Path.of("data/statistics"))));
        assertThat(config.gateway("k:9092")).isEqualTo(GatewayConfig.defaults("k:9092"));
        assertThat(config.spool()).isEqualTo(SpoolConfig.defaults(Path.of("data/spool")));
        assertThat(config.records())
                .isEqualTo(RecordStoreConfig.defaults(Path.of("data/records"))
                        .with(new FeedPolicy(true, 10_000_000, Duration.ofMinutes(1))));
        assertThat(config.feed("k:9092")).isEqualTo(FeedConfig.defaults(Map.of("bootstrap.servers", "k:9092")));
        assertThat(config.http()).isEqualTo(HttpConfig.defaults());
        assertThat(config.kafka().bootstrapServers()).isEmpty();
        assertThat(config.kafka().embeddedPort()).isEqualTo(9092);
        assertThat(config.trace("k:9092").client()).isEqualTo(Map.of("bootstrap.servers", "k:9092"));
        assertThat(config.trace().stateDirectory()).isEqualTo(Path.of("data/trace"));
        assertThat(config.trace().readPoints()).isEmpty();
    }

    /** A value for every key, none of them the default: shows that each key reaches its own place. */
    private static Map<String, String> everyKey() {
        Map<String, String> set = new HashMap<>();
        set.put("services", "resolver,gateway,trace,http");
        set.put("data.directory", "/var/lib/waymark");
        set.put("log.format", "json");
        set.put("resolver.handle.hosts", "0.0.0.0");
        set.put("resolver.handle.port", "1");
        set.put("resolver.http.hosts", "::");
        set.put("resolver.http.port", "2");
        set.put("resolver.advertised-host", "node.example");
        set.put("resolver.io-threads", "3");
        set.put("resolver.tcp-idle", "4s");
        set.put("resolver.udp-answer-bytes-max", "500");
        set.put("resolver.udp-rate.per-second", "31");
        set.put("resolver.udp-rate.burst", "32");
        set.put("resolver.udp-rate.slip", "33");
        set.put("resolver.udp-rate.ipv4-bits", "20");
        set.put("resolver.udp-rate.ipv6-bits", "34");
        set.put("resolver.udp-rate.sources-max", "35");
        set.put("resolver.udp-rate.exempt", "192.0.2.0/24, ::1");
        set.put("resolver.cold-reads.threads", "3");
        set.put("resolver.cold-reads.queue-max", "7");
        set.put("resolver.connections.max", "41");
        set.put("resolver.connections.per-source-max", "42");
        set.put("resolver.connections.request-time", "43s");
        set.put("resolver.tls.enabled", "false");
        set.put("resolver.tls.client-certificates", "false");
        set.put("resolver.tls.reload-check", "5s");
        set.put("resolver.server-admins", "300:88.1/A, 0:88.1/B");
        set.put("resolver.server-admins-full-access", "true");
        set.put("resolver.recursion.prefixes", "88.118.9, 10.x");
        set.put("resolver.recursion.targets", "private");
        set.put("resolver.recursion.attempt", "31ms");
        set.put("resolver.recursion.deadline", "12s");
        set.put("resolver.recursion.in-flight-max", "33");
        set.put("resolver.recursion.in-flight-per-server-max", "34");
        set.put("resolver.recursion.cache-bytes", "35KiB");
        set.put("resolver.recursion.negative-ttl", "36s");
        set.put("resolver.recursion.count-max", "37");
        set.put("resolver.recursion.signatures", "required");
        set.put("resolver.statistics.networks-max", "38");
        set.put("resolver.recursion.identities", "88.118.7");
        set.put("resolver.recursion.root", "root.json");
        set.put("resolver.statistics.write-every", "28s");
        set.put("resolver.statistics.keep-days", "29");
        set.put("resolver.statistics.prefixes-max", "30");
        set.put("resolver.statistics.zone", "Europe/Berlin");
        set.put("resolver.id", "re-a");
        set.put("resolver.feed.enabled", "true");
        set.put("resolver.feed.values", "all");
        set.put("resolver.feed.backlog-max", "1031");
        set.put("resolver.feed.retention", "32s");
        set.put("resolver.feed.transaction-entries-max", "33");
        set.put("resolver.feed.linger", "34ms");
        set.put("gateway.id", "gw-a");
        set.put("gateway.mqtt.hosts", "127.0.0.2");
        set.put("gateway.mqtt.port", "6");
        set.put("gateway.mqtts.hosts", "127.0.0.3");
        set.put("gateway.mqtts.port", "7");
        set.put("gateway.auth.anonymous", "true");
        set.put("gateway.denials-told", "false");
        set.put("gateway.packet-bytes-max", "8KiB");
        set.put("gateway.keep-alive-max", "9s");
        set.put("gateway.mqtts.client-certificates", "optional");
        set.put("gateway.mqtts.client-common-name", "false");
        set.put("gateway.mqtts.reload-check", "114s");
        set.put("gateway.ws.enabled", "true");
        set.put("gateway.ws.hosts", "127.0.0.4");
        set.put("gateway.ws.port", "115");
        set.put("gateway.ws.path", "/x");
        set.put("gateway.ws.origins", "https://a, https://b");
        set.put("gateway.wss.enabled", "true");
        set.put("gateway.wss.hosts", "127.0.0.5");
        set.put("gateway.wss.port", "116");
        set.put("gateway.receive-maximum", "101");
        set.put("gateway.topic-alias-maximum", "102");
        set.put("gateway.qos-max", "1");
        set.put("gateway.retain", "false");
        set.put("gateway.wildcard-subscriptions", "false");
        set.put("gateway.shared-subscriptions", "false");
        set.put("gateway.subscription-identifiers", "false");
        set.put("gateway.response-information", "answers/%c");
        set.put("gateway.session.count-max", "103");
        set.put("gateway.session.expiry-max", "104s");
        set.put("gateway.session.subscriptions-max", "105");
        set.put("gateway.session.subscriptions-total-max", "106");
        set.put("gateway.session.queue-count-max", "107");
        set.put("gateway.session.queue-bytes-max", "108KiB");
        set.put("gateway.session.queue-bytes-total-max", "109MiB");
        set.put("gateway.session.queue-age-max", "110s");
        set.put("gateway.retained.count-max", "111");
        set.put("gateway.retained.bytes-max", "112KiB");
        set.put("gateway.will-bytes-max", "113KiB");
        set.put("gateway.connections-max", "117");
        set.put("gateway.connects-per-second", "118");
        set.put("gateway.connect-timeout", "11s");
        set.put("gateway.io-threads", "12");
        set.put("gateway.commands.topic", "c/%u");
        set.put("gateway.commands.expiry-max", "201s");
        set.put("gateway.commands.device-max", "202");
        set.put("gateway.commands.count-max", "203");
        set.put("gateway.commands.bytes-max", "2MiB");
        set.put("gateway.commands.remembered", "204s");
        set.put("gateway.commands.refuse-unknown", "false");
        set.put("gateway.forward.transaction-entries-max", "13");
        set.put("gateway.events", "false");
        set.put("gateway.forward.linger", "14ms");
        set.put("gateway.mqtt.ack-level", "memory");
        set.put("gateway.mqtts.ack-level", "kafka");
        set.put("gateway.ws.ack-level", "kafka");
        set.put("gateway.wss.ack-level", "memory");
        set.put("gateway.forward.rejects-oversize", "true");
        set.put("gateway.http.keys-max", "401");
        set.put("gateway.http.keys-device-max", "402");
        set.put("gateway.http.key-age-max", "403s");
        set.put("gateway.http.kafka-waits-max", "404");
        set.put("gateway.http.kafka-wait-max", "405ms");
        set.put("gateway.rejected.whose", "all");
        set.put("gateway.rejected.messages-per-second", "301");
        set.put("gateway.rejected.bytes-per-second", "302KiB");
        set.put("gateway.rejected.payload-bytes-max", "303KiB");
        set.put("gateway.rejected.waiting-bytes-max", "304MiB");
        set.put("spool.bytes-max", "15MiB");
        set.put("spool.queue-max", "16");
        set.put("spool.batch-max", "17");
        set.put("spool.retention", "18h");
        set.put("spool.disk-reserve", "19MiB");
        set.put("records.block-cache-bytes", "19MiB");
        set.put("records.memory-tier-bytes", "27MiB");
        set.put("records.write-queue-max", "20");
        set.put("records.history.versions-max", "35");
        set.put("records.history.age-max", "36h");
        set.put("trace.application-id", "trace-b");
        set.put("kafka.bootstrap.servers", "k1:9092, [::1]:9093");
        set.put("kafka.embedded.port", "21");
        set.put("platform.http.hosts", "localhost");
        set.put("platform.http.port", "22");
        set.put("platform.http.request-bytes-max", "23KiB");
        set.put("platform.http.import-bytes-max", "24KiB");
        set.put("platform.http.request-timeout", "25s");
        set.put("platform.http.connections-max", "26");
        return set;
    }

    @Test
    void everyKeyReachesItsPlace() throws ConfigException, IOException {
        Map<String, String> set = everyKey();
        Path certificate = Files.writeString(dir.resolve("chain.pem"), "x");
        Path key = Files.writeString(dir.resolve("key.pem"), "x");
        set.put("gateway.mqtts.certificate", certificate.toString());
        set.put("gateway.mqtts.key", key.toString());
        Path authorities = Files.writeString(dir.resolve("ca.pem"), "x");
        Path revocations = Files.writeString(dir.resolve("crl.pem"), "x");
        set.put("gateway.mqtts.client-authorities", authorities.toString());
        set.put("gateway.mqtts.client-revocations", revocations.toString());
        set.put("resolver.tls.certificate", certificate.toString());
        set.put("resolver.tls.key", key.toString());
        assertThat(set.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Settings.all().stream().map(Setting::key).toList());
        set.put("kafka.client.security.protocol", "SASL_SSL");

        PlatformConfig config = PlatformConfig.read(ConfigInput.of(set));

        Path data = Path.of("/var/lib/waymark");
        Map<String, Object> client = Map.of("bootstrap.servers", "b:1", "security.protocol", "SASL_SSL");
        assertThat(config.services())
                .containsExactlyInAnyOrder(Service.RESOLVER, Service.GATEWAY, Service.TRACE, Service.HTTP);
        assertThat(config.dataDirectory()).isEqualTo(data);
        assertThat(config.logFormat()).isEqualTo(LogFormat.JSON);
        assertThat(config.resolver())
                .isEqualTo(new ResolverConfig(
                        new ResolverConfig.Listeners(
                                new ResolverConfig.Listener(List.of("0.0.0.0"), 1),
                                new ResolverConfig.Listener(List.of("::"), 2),
                                new TlsSettings(
                                        false,
                                        Optional.of(new TlsSettings.Files(certificate, key)),
                                        false,
                                        Duration.ofSeconds(5)),
                                "node.example"),
                        new ResolverConfig.Transport(3, Duration.ofSeconds(4), 500),
                        new ServerAdmins(
                                List.of(new ValueReference("88.1/A", 300), new ValueReference("88.1/B", 0)), true),
                        Optional.of(new StatisticsConfig(
                                data.resolve("statistics"),
                                Duration.ofSeconds(28),
                                29,
                                30,
                                ZoneId.of("Europe/Berlin"),
                                38)),
                        new LoadLimits(
                                new ColdPath.Limits(3, 7),
                                new ResponseRate(
                                        31,
                                        32,
                                        33,
                                        20,
                                        34,
                                        35,
                                        List.of(Network.parse("192.0.2.0/24"), Network.parse("::1"))),
                                new ConnectionLimits(41, 42, Duration.ofSeconds(43))),
                        new UpstreamConfig(
                                Set.of("88.118.9", "10.X"),
                                Targets.PRIVATE,
                                Duration.ofMillis(31),
                                Duration.ofSeconds(12),
                                33,
                                34,
                                35L << 10,
                                Duration.ofSeconds(36),
                                37,
                                SignaturePolicy.REQUIRED,
                                Set.of("88.118.7"),
                                Optional.of(Path.of("root.json")))));
        assertThat(config.gateway("b:1"))
                .isEqualTo(new GatewayConfig(
                        "gw-a",
                        new ServerSettings(
                                new ServerSettings.Listeners(
                                        new ServerSettings.Listener(List.of("127.0.0.2"), 6),
                                        Optional.of(new ServerSettings.Tls(
                                                new ServerSettings.Listener(List.of("127.0.0.3"), 7),
                                                certificate,
                                                key,
                                                new ServerSettings.ClientCertificates(
                                                        ServerSettings.ClientCertificates.Mode.OPTIONAL,
                                                        Optional.of(authorities),
                                                        Optional.of(revocations),
                                                        false,
                                                        Map.of()),
                                                Duration.ofSeconds(114))),
                                        Optional.of(new ServerSettings.WebSocket(
                                                Optional.of(new ServerSettings.Listener(List.of("127.0.0.4"), 115)),
                                                Optional.of(new ServerSettings.Listener(List.of("127.0.0.5"), 116)),
                                                "/x",
                                                List.of("https://a", "https://b")))),
                                new ServerSettings.Connections(117, 118, Duration.ofSeconds(11)),
                                true,
                                false,
                                new Offer(
                                        101,
                                        102,
                                        8192,
                                        1,
                                        new Offer.Features(false, false, false, false),
                                        9,
                                        "answers/%c",
                                        new AckRules(
                                                AckLevel.MEMORY,
                                                AckLevel.KAFKA,
                                                AckLevel.KAFKA,
                                                AckLevel.MEMORY,
                                                List.of())),
                                12),
                        new SessionLimits(
                                103,
                                104,
                                new SessionLimits.SubscriptionLimits(105, 106),
                                new SessionLimits.QueueLimits(107, 108L << 10, 109L << 20, Duration.ofSeconds(110)),
                                new SessionLimits.RetainedLimits(111, 112L << 10),
                                113L << 10),
                        List.of(),
                        new GatewayConfig.Forward(
                                client, GatewayConfig.Topics.DEFAULTS, 13, Duration.ofMillis(14), true, false),
                        new RejectionLimits(RejectionLimits.Whose.ALL, 301, 302L << 10, 303 << 10, 304L << 20),
                        List.of(),
                        new CommandLimits(
                                "c/%u",
                                Duration.ofSeconds(201), 202, 203, 2L << 20, 8192, 203, Duration.ofSeconds(204), false),
                        new IngestLimits(
                                8192, 10_000, 401, 402, Duration.ofSeconds(403), 404, Duration.ofMillis(405))));
        assertThat(config.spool())
                .isEqualTo(new SpoolConfig(data.resolve("spool"), 15L << 20, 16, 17, Duration.ofHours(18), 19L << 20));
        assertThat(config.records())
                .isEqualTo(new RecordStoreConfig(
                        data.resolve("records"),
                        19L << 20,
                        27L << 20,
                        20,
                        new HistoryPolicy(35, Duration.ofHours(36)),
                        new FeedPolicy(true, 1031, Duration.ofSeconds(32))));
        assertThat(config.feed("b:1"))
                .isEqualTo(new FeedConfig(
                        "re-a",
                        client,
                        "waymark.identifiers",
                        "waymark.progress",
                        33,
                        Duration.ofMillis(34),
                        FeedConfig.Values.ALL));
        assertThat(config.trace("b:1").client()).isEqualTo(client);
        assertThat(config.trace().applicationId()).isEqualTo("trace-b");
        assertThat(config.kafka().bootstrapServers()).contains("k1:9092, [::1]:9093");
        assertThat(config.kafka().embeddedPort()).isEqualTo(21);
        assertThat(config.http())
                .isEqualTo(new HttpConfig(List.of("localhost"), 22, 23L << 10, 24L << 10, Duration.ofSeconds(25), 26));
    }

    @Test
    void theFeedNeedsAKafka() throws ConfigException {
        assertThat(noted(Map.of())).isTrue();
        assertThat(noted(Map.of("services", "resolver"))).isFalse();
        assertThat(noted(Map.of("services", "resolver", "kafka.bootstrap.servers", "k:1")))
                .isTrue();
        assertThat(noted(Map.of("resolver.feed.enabled", "false"))).isFalse();
    }

    private static boolean noted(Map<String, String> set) throws ConfigException {
        return PlatformConfig.read(ConfigInput.of(set)).records().feed().enabled();
    }

    @Test
    void setWinsOverEnvironmentWinsOverFile() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                resolver:
                  handle: { port: 1000 }
                  http: { port: 1001 }
                gateway.mqtt.port: 1002
                """);
        Map<String, String> environment =
                Map.of("WAYMARK_RESOLVER_HTTP_PORT", "2001", "WAYMARK_GATEWAY_MQTT_PORT", "2002", "PATH", "/bin");

        PlatformConfig config = PlatformConfig.read(
                new ConfigInput(Optional.of(file), environment, Map.of("gateway.mqtt.port", "3002")));

        assertThat(config.resolver().listeners().handle().port()).isEqualTo(1000);
        assertThat(config.resolver().listeners().http().port()).isEqualTo(2001);
        assertThat(config.gateway().server().listeners().mqtt().port()).isEqualTo(3002);
    }

    @Test
    void readsListsAndReadPointsFromTheFile() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                services: [kafka, trace]
                resolver:
                  handle:
                    hosts: ["10.0.0.1", "::1"]
                trace:
                  read-points:
                    - match: factory/packing/#
                      read-point: https://id.gs1.org/414/6901234000016
                      biz-step: packing
                    - match: "shop/+/pos"
                      read-point: urn:x:shop
                      biz-location: urn:x:city
                      biz-step: retail_selling
                      disposition: retail_sold
                      action: DELETE
                """);

        PlatformConfig config = PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of()));

        assertThat(config.services()).containsExactlyInAnyOrder(Service.KAFKA, Service.TRACE);
        assertThat(config.resolver().listeners().handle().hosts()).containsExactly("10.0.0.1", "::1");
        assertThat(config.trace().readPoints())
                .containsExactly(
                        new ReadPointRule(
                                "factory/packing/#",
                                "https://id.gs1.org/414/6901234000016",
                                "",
                                "packing",
                                "",
                                "OBSERVE"),
                        new ReadPointRule(
                                "shop/+/pos", "urn:x:shop", "urn:x:city", "retail_selling", "retail_sold", "DELETE"));
    }

    @Test
    void readsAccessRulesFromTheFile() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                gateway:
                  access:
                    - group: sensors
                      scope: publish
                      filter: plant/%u/#
                    - effect: deny
                      filter: secret/#
                """);

        PlatformConfig config = PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of()));

        assertThat(config.gateway().access())
                .containsExactly(
                        new AccessRule("sensors", AccessRule.Effect.ALLOW, AccessRule.Scope.PUBLISH, "plant/%u/#"),
                        new AccessRule("*", AccessRule.Effect.DENY, AccessRule.Scope.ALL, "secret/#"));
    }

    @Test
    void readsBridges() throws Exception {
        Path password = Files.writeString(dir.resolve("password"), "s3cret\n");
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                gateway:
                  id: gw-a
                  bridge:
                    - name: plant
                      uri: tcp://broker.plant:1883
                      filters: [plant/#, $share/g/office/#]
                    - name: hall
                      uri: wss://broker.hall:443/mqtt
                      version: 3.1.1
                      client-id: hall-7
                      user: waymark
                      password-file: %s
                      filters: hall/a/#, hall/b/#
                      qos: 2
                      device: hall/+/{device}
                      session-expiry: 1h
                      in-flight-max: 7
                      keep-alive: 9s
                      retained: false
                      reconnect-max: 5s
                """.formatted(password));

        List<BridgeConfig> bridges = PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of()))
                .gateway()
                .bridges();

        assertThat(bridges.get(0))
                .isEqualTo(new BridgeConfig(
                        "plant",
                        URI.create("tcp://broker.plant:1883"),
                        BridgeConfig.Protocol.MQTT_5,
                        "gw-a-plant",
                        Optional.empty(),
                        BridgeConfig.Tls.NONE,
                        List.of("plant/#", "$share/g/office/#"),
                        1,
                        Duration.ofDays(7),
                        1_000,
                        Duration.ofSeconds(30),
                        true,
                        DeviceTemplate.NONE,
                        Duration.ofSeconds(30)));
        BridgeConfig hall = bridges.get(1);
        assertThat(hall.device()).hasToString("hall/+/{device}");
        assertThat(hall)
                .isEqualTo(new BridgeConfig(
                        "hall",
                        URI.create("wss://broker.hall:443/mqtt"),
                        BridgeConfig.Protocol.MQTT_3_1_1,
                        "hall-7",
                        Optional.of(new BridgeConfig.Login("waymark", "s3cret")),
                        BridgeConfig.Tls.NONE,
                        List.of("hall/a/#", "hall/b/#"),
                        2,
                        Duration.ofHours(1),
                        7,
                        Duration.ofSeconds(9),
                        false,
                        hall.device(),
                        Duration.ofSeconds(5)));
    }

    @Test
    void refusesBridgesThatCannotWork() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                gateway:
                  bridge:
                    - name: plant
                      uri: http://broker.plant
                      filters: plant/#
                    - name: hall
                      uri: tcp://broker.hall:1883
                      version: 4
                    - name: yard
                      uri: tcp://broker.yard:1883
                      password: x
                      filters: a
                """);

        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())));

        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        "gateway.bridge[0]: uri must begin with tcp, ssl, ws or wss but began with http",
                        file + " line 8: gateway.bridge[1].version must be 3.1.1 or 5 but was \"4\"",
                        file + " line 11: gateway.bridge[2].password needs user");
    }

    @Test
    void refusesAccessRulesThatMeanNothing() throws Exception {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                gateway:
                  access:
                    - scope: read
                      filter: a/#/b
                """);

        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())));

        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        file + " line 3: gateway.access[0].scope must be publish or subscribe or all but was \"read\"",
                        file + " line 4: gateway.access[0].filter must be a topic filter but was \"a/#/b\"");
    }

    @Test
    void reportsAllProblemsTogetherWithPlaceKeyValueAndBound() throws IOException {
        Path file = Files.writeString(dir.resolve("w.yaml"), """
                resolver:
                  handle:
                    port: 70000
                  hanlde:
                    port: 1
                spool:
                  retention: soon
                trace:
                  read-points:
                    - match: a/#
                      read-point: x
                      biz-step: packing
                      action: LOOK
                """);
        Map<String, String> environment = Map.of("WAYMARK_GATEWAY_MQT_PORT", "1", "WAYMARK_LOG_FORMAT", "xml");

        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> PlatformConfig.read(
                        new ConfigInput(Optional.of(file), environment, Map.of("spool.bytes-max", "1TB"))));

        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        "environment: WAYMARK_GATEWAY_MQT_PORT sets nothing; did you mean WAYMARK_GATEWAY_MQTT_PORT?",
                        file + " line 5: unknown key resolver.hanlde.port; did you mean resolver.handle.port?",
                        file + " line 3: resolver.handle.port must be in 0..65535 but was \"70000\"",
                        file + " line 7: spool.retention must be a duration such as 500ms, 10s, 2m, 1h or 7d"
                                + " but was \"soon\"",
                        "environment WAYMARK_LOG_FORMAT: log.format must be one of text, json but was \"xml\"",
                        "--set: spool.bytes-max must be a number of bytes such as 65536, 64KiB, 10MiB or 8GiB"
                                + " but was \"1TB\"",
                        file + " line 13: trace.read-points[0].action must be ADD, OBSERVE or DELETE but was"
                                + " \"LOOK\"");
    }

    @Test
    void brokenYamlIsReportedWithLineAndColumn() throws IOException {
        Path file = Files.writeString(dir.resolve("w.yaml"), "resolver:\n  handle: [1, 2\nspool: {}\n");

        assertThatThrownBy(() -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + " line 3 column 6: ");
    }

    @Test
    void refusesTheSameKeyTwice() throws IOException {
        Path file = Files.writeString(dir.resolve("w.yaml"), "services: kafka\nservices: http\n");

        assertThatThrownBy(() -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2 column 1: found duplicate key services");
    }

    @Test
    void refusesAFileThatIsNoMapping() throws IOException {
        Path file = Files.writeString(dir.resolve("w.yaml"), "just words\n");

        assertThatThrownBy(() -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 1 column 1: must hold keys and values");
    }

    @Test
    void namesAMissingFile() {
        Path file = dir.resolve("absent.yaml");

        assertThatThrownBy(() -> PlatformConfig.read(new ConfigInput(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + ": there is no such file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.auth.anonymous=true gateway.mqtt.hosts=0.0.0.0"
                        + "| must be false while MQTT listens outside loopback, on 0.0.0.0",
                "gateway.auth.anonymous=true gateway.mqtt.hosts=factory.example|on factory.example",
                "gateway.mqtts.certificate=/x| needs gateway.mqtts.key beside it",
                "gateway.mqtts.key=/x| needs gateway.mqtts.certificate beside it",
                "gateway.mqtts.certificate=/nowhere/c gateway.mqtts.key=/nowhere/k|must be a readable file",
                "services=gateway|has gateway or trace but not kafka",
                "services=kafka kafka.bootstrap.servers=k:1|leaves nothing to run",
                "kafka.bootstrap.servers=k1|must be host:port, comma-separated, but has \"k1\"",
                "platform.http.port=8000|platform.http.port must differ from resolver.http.port but both are 8000",
                "services=nothing|services must be one of kafka, resolver, gateway, trace, http but was \"nothing\"",
                "gateway.id=a/b|must be 1 to 64 characters of A-Z a-z 0-9 . _ - but was \"a/b\"",
                "mqtt.port=1|unknown key mqtt.port; did you mean gateway.mqtt.port?",
                "resolver.udp-rate.exempt=192.0.2.0/33|must be a list of networks; network must have 0..32 bits but was given 33",
                "resolver.udp-rate.exempt=example.org|must be a list of networks; \"example.org\" is no network such as 192.0.2.0/24 or 2001:db8::/32",
                "resolver.handle.hosts=a;b|must be a list of addresses or host names; \"a;b\" is none",
                "gateway.packet-bytes-max=300MiB|must be in 1KiB..16MiB but was \"300MiB\"",
                "spool.bytes-max=999999TiB|must be in 1MiB..1024TiB",
            })
    void refuses(String set, String message) {
        assertThatThrownBy(() -> PlatformConfig.read(ConfigInput.of(overrides(set))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void anonymousIsAllowedOnLoopback() throws ConfigException {
        PlatformConfig config = PlatformConfig.read(
                ConfigInput.of(overrides("gateway.auth.anonymous=true gateway.mqtt.hosts=127.0.0.1,::1,localhost")));

        assertThat(config.gateway().server().anonymous()).isTrue();
    }

    @Test
    void kubernetesServiceVariablesAreNotMistakenForConfiguration() throws ConfigException {
        Map<String, String> environment = Map.of(
                "WAYMARK_SERVICE_HOST", "10.0.0.1",
                "WAYMARK_SERVICE_PORT_HTTP", "8080",
                "WAYMARK_HTTP_PORT_8080_TCP_ADDR", "10.0.0.1",
                "WAYMARK_JAVA_OPTS", "-Xmx2g");

        assertThat(PlatformConfig.read(new ConfigInput(Optional.empty(), environment, Map.of())))
                .isEqualTo(PlatformConfig.read(ConfigInput.of(Map.of())));
    }

    @Test
    void kafkaClientSettingsMayHoldSecretsAndAreNotShown() throws ConfigException {
        PlatformConfig config = PlatformConfig.read(ConfigInput.of(
                Map.of("kafka.bootstrap.servers", "k:1", "kafka.client.sasl.jaas.config", "password=\"s3cret\"")));

        assertThat(config.kafka().client()).containsEntry("sasl.jaas.config", "password=\"s3cret\"");
        assertThat(config.kafka().toString()).doesNotContain("s3cret");
    }

    private static Map<String, String> overrides(String set) {
        Map<String, String> overrides = new HashMap<>();
        for (String pair : set.strip().split(" ")) {
            overrides.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return overrides;
    }
}
