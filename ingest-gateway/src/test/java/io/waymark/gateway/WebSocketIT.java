package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.gateway.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT in WebSocket frames, with the JDK's client. */
class WebSocketIT {
    @TempDir
    static Path directory;

    static GatewayFixture fixture;
    static Certificates certificates;

    @BeforeAll
    static void open() throws Exception {
        certificates = new Certificates(directory.resolve("pki"));
        certificates.issue("server", "gateway");
        ServerSettings.Listener listener = new ServerSettings.Listener(List.of("127.0.0.1"), 0);
        fixture = new GatewayFixture(
                directory.resolve("data"),
                GatewayFixture.config()
                        .withServer(server -> server.withMqtts(new ServerSettings.Tls(
                                        listener,
                                        certificates.file("server.pem"),
                                        certificates.file("server.key"),
                                        ServerSettings.ClientCertificates.NONE,
                                        Duration.ofSeconds(10)))
                                .withWebSocket(new ServerSettings.WebSocket(
                                        Optional.of(listener),
                                        Optional.of(listener),
                                        "/mqtt",
                                        List.of("https://console.example")))));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static int port() {
        return fixture.gateway.webSocketAddress().orElseThrow().getPort();
    }

    private static final class Frames implements WebSocket.Listener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] octets = new byte[data.remaining()];
            data.get(octets);
            events.add(HexFormat.of().formatHex(octets));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add("closed " + code);
            return null;
        }

        String next() throws InterruptedException {
            return String.valueOf(events.poll(10, TimeUnit.SECONDS));
        }
    }

    private static WebSocket connect(HttpClient client, String uri, String protocol, Frames frames) {
        return client.newWebSocketBuilder()
                .subprotocols(protocol)
                .buildAsync(URI.create(uri), frames)
                .join();
    }

    private static ByteBuffer octets(byte[] octets) {
        return ByteBuffer.wrap(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqttv3.1"})
    void packetsComeAndGoInBinaryFrames(String protocol) throws Exception {
        Frames frames = new Frames();
        WebSocket socket = connect(HttpClient.newHttpClient(), "ws://127.0.0.1:" + port() + "/mqtt", protocol, frames);
        assertThat(socket.getSubprotocol()).isEqualTo(protocol);
        socket.sendBinary(octets(RawClient.connect(4, "web-" + protocol, true, 0)), true)
                .join();
        assertThat(frames.next()).isEqualTo("20020000");
        // Two packets in one frame, then one in many.
        socket.sendBinary(octets(HexFormat.of().parseHex("c000c000")), true).join();
        assertThat(frames.next()).isEqualTo("d000d000");
        byte[] publish = RawClient.publish(4, 2, "web/topic", 1, "payload");
        for (int at = 0; at < publish.length; at++) {
            boolean last = at == publish.length - 1;
            socket.sendBinary(octets(Arrays.copyOfRange(publish, at, at + 1)), last)
                    .join();
        }
        assertThat(frames.next()).isEqualTo("40020001");
        for (byte octet : publish) {
            socket.sendBinary(octets(new byte[] {octet}), true).join();
        }
        assertThat(frames.next()).isEqualTo("40020001");
        socket.sendBinary(octets(new byte[] {(byte) 0xE0, 0}), true).join();
        assertThat(frames.next()).startsWith("closed");
    }

    @Test
    void theSameOverTls() throws Exception {
        Frames frames = new Frames();
        HttpClient client =
                HttpClient.newBuilder().sslContext(certificates.client("")).build();
        int port = fixture.gateway.secureWebSocketAddress().orElseThrow().getPort();
        WebSocket socket = connect(client, "wss://127.0.0.1:" + port + "/mqtt", "mqtt", frames);
        socket.sendBinary(octets(RawClient.connect(5, "web-tls", true, 0)), true)
                .join();
        assertThat(frames.next()).startsWith("20");
    }

    @Test
    void aTextFrameEndsTheConnection() throws Exception {
        Frames frames = new Frames();
        WebSocket socket = connect(HttpClient.newHttpClient(), "ws://127.0.0.1:" + port() + "/mqtt", "mqtt", frames);
        socket.sendText("hello", true).join();
        assertThat(frames.next()).isEqualTo("closed 1003");
    }

    @Test
    void aRefusedConnectIsAnsweredAndTheSocketClosed() throws Exception {
        Frames frames = new Frames();
        WebSocket socket = connect(HttpClient.newHttpClient(), "ws://127.0.0.1:" + port() + "/mqtt", "mqtt", frames);
        socket.sendBinary(octets(RawClient.connect(2, "old", true, 0)), true).join();
        assertThat(frames.next()).isEqualTo("20020001");
        assertThat(frames.next()).isEqualTo("closed 1000");
    }

    @Test
    void otherPathsProtocolsAndOriginsAreRefused() {
        assertThat(refusal("/other", "mqtt", "")).isEqualTo(404);
        assertThat(refusal("/mqtt", "amqp", "")).isEqualTo(400);
        assertThat(refusal("/mqtt", "mqtt", "https://evil.example")).isEqualTo(403);
        assertThat(refusal("/mqtt", "mqtt", "https://console.example")).isEqualTo(101);
        assertThat(refusal("/mqtt", "mqtt", "http://127.0.0.1:" + port())).isEqualTo(101);
    }

    /** Status of the answer to a request written by hand: a browser's headers cannot be set otherwise. */
    private static int refusal(String path, String protocol, String origin) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: " + protocol + "\r\n"
                + (origin.isEmpty() ? "" : "Origin: " + origin + "\r\n") + "\r\n";
        return Integer.parseInt(answer(request).substring(9, 12));
    }

    private static String answer(String request) {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void headersWithoutEndAreClosed() {
        assertThat(answer("GET /mqtt HTTP/1.1\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
                .contains("4");
        assertThat(answer("GET /mqtt HTTP/1.1\r\nHost:"))
                .as("within the connect timeout")
                .isEmpty();
    }

    @Test
    void theJdkClientSeesARefusalToo() {
        assertThatThrownBy(() ->
                        connect(HttpClient.newHttpClient(), "ws://127.0.0.1:" + port() + "/x", "mqtt", new Frames()))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }
}
