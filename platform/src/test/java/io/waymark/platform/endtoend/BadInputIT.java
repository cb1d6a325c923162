package io.waymark.platform.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.ServeProcess;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.testing.kafka.CommittedTopic;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What no well-behaved client sends: refused as the protocol says, counted on {@code /metrics}, and nobody else notices.
 */
class BadInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = Long.getLong("waymark.badinput.seed", System.nanoTime());
    private static final int PROTOCOL_ERROR = 4;
    private static final int OPERATION_NOT_SUPPORTED = 5;
    private static final int INVALID_HANDLE = 102;
    private static final int SILENCE = 0;

    @TempDir
    static Path dir;

    private static ServeProcess serve;
    private static NodeDoor door;
    private static Bystanders bystanders;
    private static String password;

    @BeforeAll
    static void start() throws Exception {
        System.out.println("BadInputIT: seed " + SEED);
        serve = ServeProcess.start(
                dir.resolve("data"),
                Map.of(
                        "gateway.connect-timeout",
                        "2s",
                        "resolver.tcp-idle",
                        "3s",
                        "resolver.udp-rate.exempt",
                        "127.0.0.0/8", // or the flood of malformed datagrams is told to come back later
                        "platform.http.request-timeout",
                        "3s"));
        door = new NodeDoor(serve);
        bystanders = new Bystanders(serve, door);
        password = door.createDevice("clumsy");
    }

    @AfterAll
    static void stop() {
        bystanders.close();
        assertThat(serve.errors())
                .as("nothing that we did not foresee")
                .doesNotContain("LEAK", "unexpected error", "\tat io.waymark");
        serve.close();
    }

    @BeforeEach
    @AfterEach
    void nobodyElseNotices() {
        bystanders.assertUnharmed();
    }

    private static void counts(String family, double before, double atLeast, String... labels) {
        await(family + " moves")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(door.metric(family, labels) - before)
                        .as("%s %s", family, List.of(labels))
                        .isGreaterThanOrEqualTo(atLeast));
    }

    // ---- Handle datagrams

    private static byte[] request(String handle) {
        return ClientCodec.resolution(77, OpFlags.DEFAULT_REQUEST, Integer.MAX_VALUE, handle, List.of(), new int[0]);
    }

    private static byte[] patched(byte[] frame, int at, int value) {
        return ByteBuffer.wrap(frame.clone()).putInt(at, value).array();
    }

    /** The response code that comes back; {@link #SILENCE} if none does while an honest question is answered. */
    private static int ask(byte[] datagram) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(serve.address("handle.udp"));
            socket.send(new DatagramPacket(datagram, datagram.length));
            byte[] honest = patched(request("88.118.8/BYSTANDER"), 8, 78);
            socket.send(new DatagramPacket(honest, honest.length));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            ByteBuffer answer = receive(socket);
            if (answer.getInt(8) == 77) {
                return answer.getInt(24);
            }
            // Answers come as they are ready, and what is odd is looked at by others than what is not.
            socket.setSoTimeout(2000);
            return receive(socket).getInt(24);
        } catch (SocketTimeoutException e) {
            return SILENCE;
        }
    }

    private static ByteBuffer receive(DatagramSocket socket) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        socket.receive(answer);
        return ByteBuffer.wrap(answer.getData());
    }

    @Test
    void malformedHandleDatagrams() throws Exception {
        double before = door.metric("waymark_resolver_malformed_total", "transport=\"udp\"");
        byte[] good = request("88.118.8/BYSTANDER");

        assertThat(ask(good)).isEqualTo(1);
        assertThat(ask(patched(good, 0, 0x050b020b))).as("version 5").isEqualTo(OPERATION_NOT_SUPPORTED);
        assertThat(ask(patched(good, 40, 9999))).as("body length").isEqualTo(PROTOCOL_ERROR);
        assertThat(ask(patched(good, 44, -1))).as("handle length").isEqualTo(PROTOCOL_ERROR);
        assertThat(ask(patched(good, 20, 4711))).as("unknown operation").isEqualTo(OPERATION_NOT_SUPPORTED);
        assertThat(ask(request("no-slash\u0001/x"))).as("control character").isEqualTo(INVALID_HANDLE);
        assertThat(ask(patched(good, 16, Integer.MAX_VALUE)))
                .as("message length")
                .isEqualTo(SILENCE);
        assertThat(ask(Arrays.copyOf(good, 19))).as("half an envelope").isEqualTo(SILENCE);
        counts("waymark_resolver_malformed_total", before, 5, "transport=\"udp\"");
    }

    @Test
    void randomAndTruncatedHandleDatagrams() throws Exception {
        double before = door.metric("waymark_resolver_malformed_total", "transport=\"udp\"");
        Random random = new Random(SEED);
        byte[] good = request("88.118.8/BYSTANDER");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(serve.address("handle.udp"));
            for (int length = 0; length < good.length; length++) {
                socket.send(new DatagramPacket(good, length));
            }
            for (int i = 0; i < 2000; i++) {
                byte[] datagram = i % 2 == 0 ? good.clone() : new byte[random.nextInt(1, 700)];
                if (i % 2 == 1) {
                    random.nextBytes(datagram);
                }
                datagram[random.nextInt(datagram.length)] = (byte) random.nextInt();
                socket.send(new DatagramPacket(datagram, datagram.length));
                if (i % 50 == 0) {
                    // In between, so that the socket's buffer does not overflow and every datagram is looked at.
                    assertThat(ask(good)).isEqualTo(1);
                }
            }
        }
        counts("waymark_resolver_malformed_total", before, 500, "transport=\"udp\"");
    }

    // ---- MQTT

    private static MqttSocket connected(int version) throws IOException {
        MqttSocket socket = new MqttSocket(serve).send(MqttSocket.connect(version, "clumsy", "clumsy", password));
        byte[] connack = socket.receive();
        assertThat(connack).as("CONNACK").hasSizeGreaterThanOrEqualTo(4).startsWith((byte) 0x20);
        assertThat(connack[3]).as("reason").isZero();
        return socket;
    }

    /** First what is said, if anything, then the end of the connection. */
    private static int connackCode(byte[] connect) throws IOException {
        try (MqttSocket socket = new MqttSocket(serve).send(connect)) {
            byte[] answer = socket.receive();
            if (answer.length > 0) {
                assertThat(answer[0]).isEqualTo((byte) 0x20);
                assertThat(socket.receive()).as("closed").isEmpty();
            }
            return answer.length == 0 ? -1 : answer[3] & 0xFF;
        }
    }

    /** The reason of the DISCONNECT with which version 5 tells what was wrong; the connection ends behind it. */
    private static int disconnectReason(byte[] bad) throws IOException {
        try (MqttSocket socket = connected(MqttSocket.V5).send(bad)) {
            byte[] answer = socket.receive();
            assertThat(answer).as("DISCONNECT").hasSizeGreaterThanOrEqualTo(3).startsWith((byte) 0xE0);
            assertThat(socket.receive()).as("closed").isEmpty();
            return answer[2] & 0xFF;
        }
    }

    @Test
    void malformedMqttPackets() throws Exception {
        double malformed = door.metric("waymark_gateway_refused_total", "reason=\"malformed_packet\"");
        double protocol = door.metric("waymark_gateway_refused_total", "reason=\"protocol_error\"");
        byte[] nothing = {};

        assertThat(disconnectReason(MqttSocket.publish5(0x36, "t", 7, nothing)))
                .as("QoS 3")
                .isEqualTo(0x81);
        assertThat(disconnectReason(MqttSocket.publish5(0x32, "t", 0, nothing)))
                .as("packet identifier 0")
                .isEqualTo(0x82);
        assertThat(disconnectReason(MqttSocket.publish5(0x32, "a/+", 7, nothing)))
                .as("wildcard")
                .isEqualTo(0x81);
        assertThat(disconnectReason(MqttSocket.packet(0x80, new byte[] {0, 7, 0, 0, 1, 'a', 0})))
                .as("flags of SUBSCRIBE")
                .isEqualTo(0x81);
        assertThat(disconnectReason(MqttSocket.packet(0x00, nothing)))
                .as("type 0")
                .isEqualTo(0x81);
        assertThat(disconnectReason(new byte[] {0x30, -1, -1, -1, -1, 1}))
                .as("length of five octets")
                .isEqualTo(0x81);
        assertThat(disconnectReason(MqttSocket.packet(0x30, new byte[] {0, 9, 't', 0})))
                .as("topic longer than packet")
                .isEqualTo(0x81);
        assertThat(disconnectReason(MqttSocket.packet(0x20, new byte[] {0, 0, 0})))
                .as("CONNACK from a client")
                .isEqualTo(0x82);
        assertThat(disconnectReason(MqttSocket.connect(MqttSocket.V5, "clumsy", "clumsy", password)))
                .as("CONNECT twice")
                .isEqualTo(0x82);
        assertThat(connackCode(MqttSocket.packet(0xC0, nothing)))
                .as("PINGREQ first")
                .isEqualTo(-1);
        assertThat(connackCode(MqttSocket.packet(0x10, "\0\4HTTP\4\2\0\0\0\1x".getBytes(UTF_8))))
                .as("not MQTT")
                .isEqualTo(-1);
        assertThat(connackCode(MqttSocket.packet(0x10, "\0\4MQTT\6\2\0\0\0\1x".getBytes(UTF_8))))
                .as("version 6")
                .isIn(1, 0x84);

        counts("waymark_gateway_refused_total", malformed, 6, "reason=\"malformed_packet\"");
        counts("waymark_gateway_refused_total", protocol, 4, "reason=\"protocol_error\"");
    }

    @Test
    void randomMqttOctets() throws Exception {
        double before = door.metric("waymark_gateway_refused_total");
        Random random = new Random(SEED);
        byte[] good = MqttSocket.connect(MqttSocket.V5, "clumsy", "clumsy", password);
        int connections = 200;
        for (int i = 0; i < connections; i++) {
            byte[] octets = good.clone();
            if (i % 2 == 0) {
                octets = new byte[random.nextInt(2, 300)];
                random.nextBytes(octets);
            } else {
                octets[random.nextInt(2, octets.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (MqttSocket socket = new MqttSocket(serve)) {
                socket.send(octets);
            }
        }
        await("all of them are gone")
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(door.metric("waymark_gateway_connections")).isEqualTo(1));
        assertThat(door.metric("waymark_gateway_refused_total") - before).isGreaterThan(connections / 4.0);
    }

    @Test
    void overLongMqttFields() throws Exception {
        double ids = door.metric("waymark_gateway_refused_total", "reason=\"client_identifier_not_valid\"");
        double large = door.metric("waymark_gateway_refused_total", "reason=\"packet_too_large\"");
        String longId = "i".repeat(257);

        assertThat(connackCode(MqttSocket.connect(MqttSocket.V3, longId, "clumsy", password)))
                .isEqualTo(2);
        assertThat(connackCode(MqttSocket.connect(MqttSocket.V5, longId, "clumsy", password)))
                .isEqualTo(0x85);
        assertThat(connackCode(MqttSocket.connect(MqttSocket.V5, "clumsy", "clumsy", "p".repeat(60_000))))
                .isEqualTo(0x86);
        assertThat(disconnectReason(MqttSocket.publish5(0x32, "t", 7, new byte[2 << 20])))
                .isEqualTo(0x95);
        assertThat(connackCode(MqttSocket.packet(0x10, new byte[500_000])))
                .as("CONNECT without end")
                .isEqualTo(-1);

        counts("waymark_gateway_refused_total", ids, 2, "reason=\"client_identifier_not_valid\"");
        counts("waymark_gateway_refused_total", large, 2, "reason=\"packet_too_large\"");
    }

    @Test
    void theLongestTopicThereIsReachesKafka() throws Exception {
        String topic = "long/" + "t".repeat(65_530);
        try (MqttSocket socket = connected(MqttSocket.V5).send(MqttSocket.publish5(0x32, topic, 7, new byte[] {'x'}))) {
            assertThat(socket.receive()).startsWith((byte) 0x40).hasSizeGreaterThanOrEqualTo(4);
        }
        String kafka = serve.listeners().path("kafka").asText();
        await("it is forwarded")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(CommittedTopic.read(kafka, "waymark.telemetry"))
                        .anyMatch(message ->
                                CommittedTopic.required(message, "ce_subject").equals(topic)));
    }

    @Test
    void wrongPasswords() throws Exception {
        double before = door.metric("waymark_gateway_connects_total", "reason=\"bad_user_name_or_password\"");
        List<MqttSocket> crowd = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int version = i % 2 == 0 ? MqttSocket.V3 : MqttSocket.V5;
            String user = i < 4 ? "clumsy" : "nobody";
            crowd.add(new MqttSocket(serve).send(MqttSocket.connect(version, "c" + i, user, "guess " + i)));
        }
        int told = 0;
        for (MqttSocket one : crowd) {
            try (MqttSocket socket = one) {
                byte[] answer = socket.receive();
                // Whoever waits for the hash longer than the connect timeout is told that the server is busy.
                boolean wrong = answer[3] == 4 || answer[3] == (byte) 0x86;
                told += wrong ? 1 : 0;
                assertThat(wrong || answer[3] == 3 || answer[3] == (byte) 0x89)
                        .as("%s", Arrays.toString(answer))
                        .isTrue();
                assertThat(socket.receive()).isEmpty();
            }
        }
        assertThat(told).isPositive();
        counts("waymark_gateway_connects_total", before, told, "reason=\"bad_user_name_or_password\"");
    }

    @Test
    void silenceInsteadOfConnect() throws Exception {
        double before = door.metric("waymark_gateway_refused_total", "reason=\"connect_timeout\"");
        try (MqttSocket silent = new MqttSocket(serve);
                MqttSocket half = new MqttSocket(serve).send(new byte[] {0x10, 100, 0, 4, 'M'})) {
            assertThat(silent.receive()).isEmpty();
            assertThat(half.receive()).isEmpty();
        }
        counts("waymark_gateway_refused_total", before, 2, "reason=\"connect_timeout\"");
    }

    // ---- HTTP

    /** Sends it octet for octet and reads until the other side closes; both may overlap. */
    private static String http(String listener, String head, int bodyBytes) throws Exception {
        Thread writer;
        String answer;
        try (Socket socket = new Socket()) {
            socket.connect(serve.address(listener), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            writer = new Thread(() -> write(socket, head, bodyBytes));
            writer.start();
            answer = readAnswer(socket.getInputStream());
        }
        writer.join();
        return answer;
    }

    private static void write(Socket socket, String head, int bodyBytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] part = new byte[64 << 10];
            for (int left = bodyBytes; left > 0; left -= part.length) {
                out.write(part, 0, Math.min(left, part.length));
            }
        } catch (IOException e) {
            // Refused before all of it was sent.
        }
    }

    private static String readAnswer(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        try {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                answer.append((char) octet);
                if (answer.toString().endsWith("}")) {
                    return answer.toString();
                }
            }
        } catch (SocketException e) {
            // Closed with octets of ours unread: the system says reset.
        }
        return answer.toString();
    }

    private static String head(String requestLine, int contentLength) {
        return requestLine + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + serve.token()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + contentLength + "\r\n\r\n";
    }

    @Test
    void oversizeBodies() throws Exception {
        double platform = door.metric("waymark_http_refused_total", "reason=\"body_too_large\"");
        double resolver = door.metric("waymark_resolver_http_requests_total", "status=\"413\"");
        int beyondRequest = 11 << 20;
        int beyondMessage = 3 << 20;
        int beyondRecord = 2 << 20;

        assertThat(http("platform.http", head("PUT /api/v1/handles/88.118.8/BIG", beyondRequest), beyondRequest))
                .startsWith("HTTP/1.1 413")
                .contains("\"error\":\"body_too_large\"", "10485760");
        assertThat(http("platform.http", head("POST /ingest/clumsy", beyondMessage), beyondMessage))
                .startsWith("HTTP/1.1 413")
                .contains("\"error\":\"body_too_large\"", "but has 3145728");
        assertThat(http("resolver.http", head("PUT /api/handles/88.118.8/BIG", beyondRecord), beyondRecord))
                .startsWith("HTTP/1.1 413")
                .contains("at most 1048576 bytes");

        counts("waymark_http_refused_total", platform, 2, "reason=\"body_too_large\"");
        counts("waymark_resolver_http_requests_total", resolver, 1, "status=\"413\"");
    }

    @Test
    void overLongAddressesAndHeaders() throws Exception {
        double resolver = door.metric("waymark_resolver_http_requests_total", "route=\"malformed\"");
        String longPath = "GET /" + "a".repeat(40_000);
        String longHeader = "GET / HTTP/1.1\r\nX: " + "a".repeat(40_000) + "\r\n\r\n";

        assertThat(http("resolver.http", head(longPath, 0), 0)).startsWith("HTTP/1.1 414");
        assertThat(http("platform.http", head(longPath, 0), 0)).startsWith("HTTP/1.1 414");
        assertThat(http("resolver.http", longHeader, 0)).startsWith("HTTP/1.1 431");
        assertThat(http("platform.http", longHeader, 0)).startsWith("HTTP/1.1 431");
        counts("waymark_resolver_http_requests_total", resolver, 2, "route=\"malformed\"");
    }

    @Test
    void brokenRequestsOfTheApi() {
        double bad = door.metric("waymark_http_refused_total");
        assertThat(door.send("PUT", "/api/v1/handles/88.118.8/X", "{\"values\":[")
                        .statusCode())
                .isEqualTo(400);
        assertThat(door.send("PUT", "/api/v1/handles/noslash", "[]").statusCode())
                .isEqualTo(400);
        assertThat(door.send("GET", "/api/v1/lookup?code=" + "x".repeat(5000), "")
                        .statusCode())
                .isEqualTo(400);
        assertThat(door.send("GET", "/trace?code=%00", "").statusCode()).isEqualTo(400);
        assertThat(door.send("DELETE", "/api/v1/prefixes", "").statusCode()).isEqualTo(405);
        counts("waymark_http_refused_total", bad, 4);
    }

    @Test
    void requestsThatAreNeverFinished() throws Exception {
        String begun = head("PUT /api/v1/handles/88.118.8/SLOW", 1000);
        double timeouts = door.metric("waymark_http_refused_total", "reason=\"timeout\"");
        assertThat(http("platform.http", begun, 10))
                .startsWith("HTTP/1.1 503")
                .contains("\"error\":\"timeout\"", "within 3000 ms");
        assertThat(http("resolver.http", begun, 10)).as("closed").isEmpty();
        try (Socket half = new Socket()) {
            half.connect(serve.address("handle.tcp"));
            half.setSoTimeout((int) PATIENCE.toMillis());
            half.getOutputStream().write(request("88.118.8/BYSTANDER"), 0, 30);
            assertThat(half.getInputStream().read()).as("closed").isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("an unfinished message must not keep a connection open", e);
        }
        counts("waymark_http_refused_total", timeouts, 1, "reason=\"timeout\"");
    }

    // ---- configuration

    @Test
    void brokenConfiguration() throws Exception {
        Path file =
                Files.writeString(dir.resolve("broken.yaml"), "resolver:\n  http:\n    port: 80000\n\tgateway: x\n");
        try (ServeProcess broken = ServeProcess.launch(dir.resolve("none"), Map.of(), "--config", file.toString())) {
            assertThat(broken.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(broken.errors()).contains(file + " line 4").doesNotContain("\tat ");
        }
        try (ServeProcess wrong = ServeProcess.launch(
                dir.resolve("none"), Map.of("gateway.mqt.port", "1", "resolver.http.port", "80000"))) {
            assertThat(wrong.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(wrong.errors())
                    .contains("unknown key gateway.mqt.port; did you mean gateway.mqtt.port?")
                    .contains("resolver.http.port must be in 0..65535 but was \"80000\"");
        }
        assertThat(dir.resolve("none")).doesNotExist();
    }
}
