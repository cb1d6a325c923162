package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.access.AccessRule.Effect;
import io.waymark.gateway.access.AccessRule.Scope;
import io.waymark.gateway.access.DeviceRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules allow and refuse, as clients see it. */
class AccessIT {
    @TempDir
    static Path directory;

    static GatewayFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new GatewayFixture(
                directory,
                GatewayFixture.config()
                        .withAccess(List.of(
                                new AccessRule("*", Effect.DENY, Scope.ALL, "secret/#"),
                                new AccessRule("sensors", Effect.ALLOW, Scope.PUBLISH, "plant/%u/#"),
                                new AccessRule("anonymous", Effect.ALLOW, Scope.SUBSCRIBE, "plant/#"))));
        DeviceRegistry registry = fixture.gateway.devices();
        registry.create("oven-1", "sensors", Optional.of("password"));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static RawClient oven(int version) throws IOException {
        RawClient client = new RawClient(fixture.port());
        client.send(RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(version);
            body.write(0xC2);
            body.writeShort(60);
            if (version == 5) {
                body.write(0);
            }
            body.writeUTF("c" + version);
            body.writeUTF("oven-1");
            body.writeUTF("password");
        }));
        assertThat(client.receive()).startsWith("20");
        return client;
    }

    @Test
    void aDevicePublishesWhereItsGroupMay() throws Exception {
        try (RawClient client = oven(5)) {
            client.send(RawClient.publish(5, 2, "plant/oven-1/t", 1, "x"));
            assertThat(client.receive()).isEqualTo("40020001");
            client.send(RawClient.publish(5, 2, "plant/oven-2/t", 2, "x"));
            assertThat(client.receive()).isEqualTo("4003000287");
            client.send(RawClient.publish(5, 4, "secret/x", 3, "x"));
            assertThat(client.receive()).isEqualTo("5003000387");
        }
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "not_authorized"))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void anOlderClientIsDisconnectedForWhatItMayNotPublish() throws Exception {
        try (RawClient client = oven(4)) {
            client.send(RawClient.publish(4, 2, "plant/oven-2/t", 2, "x"));
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
    }

    @Test
    void anonymousClientsHaveRulesOfTheirOwn() throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 5, "viewer")) {
            // plant/# · # · secret/x · $share/g/plant/a
            client.send("82 2f 0007 00 0007 706c616e742f23 01 0001 23 01 0008 7365637265742f78 01"
                    + " 0010 2473686172652f672f706c616e742f61 01");
            assertThat(client.receive()).isEqualTo("9007 0007 00 01 87 87 01".replace(" ", ""));
            client.send(RawClient.publish(5, 2, "plant/x", 1, "x"));
            assertThat(client.receive()).isEqualTo("4003000187");
        }
    }

    @Test
    void aWillIsRefusedWhereItsMessageWouldBe() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send("101a 0004 4d515454 05 06 003c 00 0003 616263 00 0001 74 0004 676f6e65");
            assertThat(client.receive()).startsWith("20").contains("0087");
        }
    }
}
