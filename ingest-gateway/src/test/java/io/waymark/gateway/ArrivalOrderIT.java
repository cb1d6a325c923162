package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handful of clients that do not wait for each other's acknowledgements: what was sent first is carried out first. */
class ArrivalOrderIT {
    private static final int ROUNDS = 200;

    @TempDir
    static Path directory;

    static GatewayFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new GatewayFixture(directory, GatewayFixture.config());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static byte[] subscribe(int packetId, String filter) {
        return RawClient.packet(0x82, body -> {
            body.writeShort(packetId);
            body.writeUTF(filter);
            body.write(1);
        });
    }

    /** A loop that has slept takes what arrived since in the order in which it did; whoever spoke last it looks at first. */
    private static void speak(RawClient... clients) throws IOException {
        for (RawClient client : clients) {
            client.send("c000");
            assertThat(client.receive()).isEqualTo("d000");
        }
    }

    private static String text(String value) {
        StringBuilder hex = new StringBuilder();
        value.chars().forEach(c -> hex.append(String.format("%02x", c)));
        return hex.toString();
    }

    @Test
    void aMessageSentBehindAnotherClientsSubscriptionReachesIt() throws IOException {
        try (RawClient one = RawClient.connected(fixture.port(), 4, "one");
                RawClient other = RawClient.connected(fixture.port(), 4, "other")) {
            for (int i = 1; i <= ROUNDS; i++) {
                speak(one, other);
                other.send(subscribe(i, "order/" + i));
                one.send(RawClient.publish(4, 2, "order/" + i, i, "m" + i));
                String first = other.receive();
                String second = other.receive();
                assertThat(first + second)
                        .as("round " + i)
                        .contains("9003" + String.format("%04x", i))
                        .contains(text("m" + i));
                assertThat(one.receive()).isEqualTo("4002" + String.format("%04x", i));
            }
        }
    }

    @Test
    void aRetainedMessageSentAheadOfAnotherClientsSubscriptionComesAsRetained() throws IOException {
        try (RawClient one = RawClient.connected(fixture.port(), 4, "keeper");
                RawClient other = RawClient.connected(fixture.port(), 4, "reader")) {
            for (int i = 1; i <= ROUNDS; i++) {
                speak(other, one);
                one.send(RawClient.publish(4, 1, "kept/" + i, 0, "k" + i));
                other.send(subscribe(i, "kept/" + i));
                assertThat(other.receive()).startsWith("9003");
                assertThat(other.receive()).as("round " + i).startsWith("31").endsWith(text("k" + i));
            }
        }
    }
}
