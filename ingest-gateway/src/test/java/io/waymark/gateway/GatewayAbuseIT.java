package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who sends and does not read, and who announces more than there is; the limits of what is kept are in {@link LimitsIT}. */
@Timeout(60)
class GatewayAbuseIT {
    private static final int FLOOD_BYTES_MAX = 256 << 20;

    private static GatewayFixture fixture;
    private static RawClient honest;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        fixture = new GatewayFixture(directory, GatewayFixture.configWithWebSocket());
        honest = RawClient.connected(fixture.port(), 5, "honest");
    }

    @AfterAll
    static void close() throws Exception {
        honest.close();
        fixture.close();
    }

    @AfterEach
    void othersAreServed() throws Exception {
        honest.send("c000");
        assertThat(honest.receive()).isEqualTo("d000");
        await().until(() -> fixture.metric("waymark.gateway.connections") == 1);
        assertThat(fixture.metric("waymark.gateway.paused")).isZero();
    }

    private static Socket webSocket() throws IOException {
        Socket socket = new Socket(
                "127.0.0.1", fixture.gateway.webSocketAddress().orElseThrow().getPort());
        socket.getOutputStream().write(RawClient.webSocketUpgrade());
        String answer = "";
        while (!answer.endsWith("\r\n\r\n")) {
            answer += (char) socket.getInputStream().read();
        }
        assertThat(answer).startsWith("HTTP/1.1 101");
        return socket;
    }

    /** A client's frame, masked with zeros; less than 126 octets. */
    private static byte[] frame(int first, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.write(0x80 | content.length);
        out.writeBytes(new byte[4]);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] repeated(byte[] once) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < 64 << 10) {
            out.writeBytes(once);
        }
        return out.toByteArray();
    }

    /** Writes the same again and again and reads nothing, until the gateway has had enough of it. */
    private static void flood(Socket socket, byte[] chunk) throws Exception {
        Thread writer = new Thread(() -> {
            try {
                for (int sent = 0; sent < FLOOD_BYTES_MAX; sent += chunk.length) {
                    socket.getOutputStream().write(chunk);
                }
            } catch (IOException e) {
                // Closed by the test, while writing had to wait.
            }
        });
        writer.start();
        await().until(() -> fixture.metric("waymark.gateway.paused") == 1);
        assertThat(writer.isAlive()).as("it is held up").isTrue();
        socket.close();
        writer.join();
    }

    @Test
    void whoAsksAndDoesNotReadTheAnswersIsReadNoMore() throws Exception {
        Socket socket = new Socket("127.0.0.1", fixture.port());
        socket.getOutputStream().write(RawClient.connect(4, "pinger", true, 0));
        flood(socket, repeated(new byte[] {(byte) 0xC0, 0}));
    }

    @Test
    void theSameInFrames() throws Exception {
        Socket socket = webSocket();
        socket.getOutputStream().write(frame(0x82, RawClient.connect(4, "framed", true, 0)));
        flood(socket, repeated(frame(0x82, new byte[] {(byte) 0xC0, 0})));
    }

    @Test
    void pingsOfTheWebSocketAreNoWayAround() throws Exception {
        Socket socket = webSocket();
        socket.getOutputStream().write(frame(0x82, RawClient.connect(4, "pings", true, 0)));
        flood(socket, repeated(frame(0x89, new byte[100])));
    }

    @Test
    void aFrameThatAnnouncesTooMuchIsRefusedFromItsHeader() throws Exception {
        try (Socket socket = webSocket()) {
            socket.getOutputStream().write(HexFormat.of().parseHex("82ff" + "0000000040000000" + "00000000"));
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().readAllBytes())
                    .as("a close frame at most, then the end")
                    .hasSizeLessThan(128);
        }
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "malformed_frame"))
                .isEqualTo(1);
    }

    @Test
    void aPacketThatAnnouncesTooMuchIsRefusedFromItsHeader() throws Exception {
        double before = fixture.metric("waymark.gateway.refused", "reason", "packet_too_large");
        try (RawClient client = RawClient.connected(fixture.port(), 5, "large")) {
            client.send("30ffffff7f");
            assertThat(client.receive()).startsWith("e0").contains("95");
        }
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "packet_too_large"))
                .isEqualTo(before + 1);
    }

    @Test
    void aSubscriberThatDoesNotReadCostsItsQueueAndNoMore() throws Exception {
        try (RawClient lazy = RawClient.connected(fixture.port(), 4, "lazy");
                RawClient busy = RawClient.connected(fixture.port(), 4, "busy")) {
            lazy.send("8206 0001 0001 74 00");
            assertThat(lazy.receive()).isEqualTo("9003000100");
            String payload = "x".repeat(60_000);
            await().pollInSameThread().until(() -> {
                for (int i = 0; i < 50; i++) {
                    busy.send(RawClient.publish(4, 0, "t", 0, payload));
                }
                busy.send("c000");
                assertThat(busy.receive()).isEqualTo("d000");
                return fixture.metric("waymark.gateway.dropped", "reason", "queue_bytes")
                                + fixture.metric("waymark.gateway.dropped", "reason", "queue_count")
                        > 0;
            });
        }
    }
}
