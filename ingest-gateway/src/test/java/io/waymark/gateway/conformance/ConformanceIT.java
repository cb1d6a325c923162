package io.waymark.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.GatewayFixture;
import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.packet.Offer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every file under {@code conformance}, over real sockets. */
class ConformanceIT {
    @TempDir
    static Path directory;

    private static final Map<String, GatewayFixture> GATEWAYS = new TreeMap<>();

    @AfterAll
    static void close() {
        GATEWAYS.values().forEach(GatewayFixture::close);
    }

    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> statements() throws IOException, URISyntaxException {
        Path root = Path.of(ConformanceIT.class.getResource("/conformance").toURI());
        List<Scenario> scenarios = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                scenarios.add(Scenario.read(file));
            }
        }
        assertThat(scenarios).as("scenarios under " + root).hasSizeGreaterThan(100);
        return scenarios.stream()
                .map(s -> DynamicTest.dynamicTest(
                        s.title(), () -> s.play(gateway(s.gateway()).port())));
    }

    /** One gateway for all scenarios that want the same settings. */
    private static synchronized GatewayFixture gateway(Map<String, Object> settings) {
        return GATEWAYS.computeIfAbsent(
                settings.toString(),
                key -> new GatewayFixture(directory.resolve("gateway-" + GATEWAYS.size()), config(settings)));
    }

    private static GatewayConfig config(Map<String, Object> s) {
        Offer d = Offer.defaults();
        return GatewayFixture.config()
                .withServer(server -> server.withDenialsTold(flag(s, "denials-told"))
                        .withOffer(new Offer(
                                number(s, "receive-max", d.receiveMaximum()),
                                number(s, "alias-max", d.topicAliasMaximum()),
                                number(s, "max-packet", d.packetBytesMax()),
                                number(s, "max-qos", d.qosMax()),
                                new Offer.Features(
                                        flag(s, "retain"), flag(s, "wildcards"), flag(s, "shared"), flag(s, "sub-ids")),
                                number(s, "keep-alive-max", d.keepAliveSecondsMax()),
                                (String) s.getOrDefault("response-information", ""),
                                d.acks())))
                .withAccess(rules((String) s.getOrDefault("denied", "")));
    }

    private static List<AccessRule> rules(String denied) {
        return denied.isEmpty()
                ? List.of()
                : List.of(
                        new AccessRule("*", AccessRule.Effect.DENY, AccessRule.Scope.ALL, denied),
                        new AccessRule("*", AccessRule.Effect.ALLOW, AccessRule.Scope.ALL, "#"));
    }

    private static int number(Map<String, Object> settings, String key, int otherwise) {
        return (Integer) settings.getOrDefault(key, otherwise);
    }

    private static boolean flag(Map<String, Object> settings, String key) {
        return (Boolean) settings.getOrDefault(key, true);
    }
}
