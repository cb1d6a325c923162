package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.ClientCodec;
import java.io.DataInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever one client does, the others are answered, and no buffer is lost. */
class BadInputIT {
    private static final int FAR_FUTURE = 0x7fff0000;

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static LeakWatch leaks;

    @BeforeAll
    static void start() {
        leaks = new LeakWatch();
        harness = new NodeHarness(directory, Duration.ofSeconds(4)).withRecords();
    }

    @AfterAll
    static void stop() {
        harness.close();
        assertThat(leaks.leaks()).as("leaks").isEmpty();
        leaks.close();
    }

    @AfterEach
    void othersAreUnharmed() throws Exception {
        for (Transport transport : Transport.values()) {
            InetSocketAddress server =
                    transport == Transport.HTTP ? harness.node.httpAddress() : harness.node.handleTcpAddress();
            HandleClient.Response response = new HandleClient()
                    .resolve(transport, server, "88.118.8/abc123", List.of(), new int[0], Duration.ofSeconds(5));
            assertThat(response.found()).as("%s %s", transport, response).isTrue();
            assertThat(response.values()).hasSize(3);
        }
    }

    private static byte[] request(int requestId, String handle) {
        return ClientCodec.resolution(requestId, OpFlags.DEFAULT_REQUEST, FAR_FUTURE, handle, List.of(), new int[0]);
    }

    private static byte[] patched(byte[] frame, int at, int value) {
        return ByteBuffer.wrap(frame.clone()).putInt(at, value).array();
    }

    /** The response code the node answers over UDP; 0 if it keeps silent. */
    private static int udp(byte[] datagram) throws Exception {
        return udp(datagram, 400);
    }

    private static int udp(byte[] datagram, int timeoutMillis) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(harness.node.handleUdpAddress());
            socket.send(new DatagramPacket(datagram, datagram.length));
            socket.setSoTimeout(timeoutMillis);
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            socket.receive(answer);
            ByteBuffer in = ByteBuffer.wrap(answer.getData());
            assertThat(in.getInt(8)).as("request id").isEqualTo(77);
            return in.getInt(24);
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    private static Socket connect(InetSocketAddress server) throws Exception {
        Socket socket = new Socket();
        socket.connect(server, 5000);
        socket.setSoTimeout(15_000);
        return socket;
    }

    private static byte[] frame(InputStream in) throws Exception {
        DataInputStream data = new DataInputStream(in);
        byte[] head = data.readNBytes(20);
        byte[] rest = data.readNBytes(ByteBuffer.wrap(head).getInt(16));
        return ByteBuffer.allocate(20 + rest.length).put(head).put(rest).array();
    }

    @Test
    void answersMalformedDatagramsByTheProtocolOrNotAtAll() throws Exception {
        byte[] good = request(77, "88.118.8/abc123");

        assertThat(udp(good, 5000)).isEqualTo(1);
        assertThat(udp(patched(good, 0, 0x050b020b), 5000)).as("version 5").isEqualTo(5);
        assertThat(udp(patched(good, 40, 9999), 5000)).as("body length").isEqualTo(4);
        assertThat(udp(patched(good, 44, -1), 5000)).as("handle length").isEqualTo(4);
        assertThat(udp(patched(good, 44, 0x7fffffff), 5000)).as("handle length").isEqualTo(4);
        assertThat(udp(patched(good, 20, 4711), 5000)).as("unknown operation").isEqualTo(5);
        assertThat(udp(patched(good, 24, 1))).as("an answer is never answered").isEqualTo(0);
        assertThat(udp(patched(good, 16, 0x7fffffff))).as("message length").isEqualTo(0);
        assertThat(udp(Arrays.copyOf(good, 19))).as("half an envelope").isEqualTo(0);
        assertThat(udp(new byte[0])).as("nothing").isEqualTo(0);
        assertThat(udp(request(77, "no-slash-and\u0001control/x"), 5000)).isEqualTo(102);
        assertThat(harness.count("waymark.resolver.malformed", "transport", "udp"))
                .isGreaterThan(5);
    }

    @Test
    void survivesRandomDatagrams() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] good = request(77, "88.118.8/abc123");
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(harness.node.handleUdpAddress());
            for (int i = 0; i < 3000; i++) {
                byte[] datagram = i % 2 == 0 ? good.clone() : new byte[random.nextInt(600)];
                if (i % 2 == 1) {
                    random.nextBytes(datagram);
                }
                for (int n = random.nextInt(4); n >= 0 && datagram.length > 0; n--) {
                    datagram[random.nextInt(datagram.length)] = (byte) random.nextInt();
                }
                socket.send(new DatagramPacket(datagram, datagram.length));
                if (i % 50 == 0) {
                    // in between, so that the socket's buffer never overflows and every datagram is looked at
                    assertThat(udp(good, 5000)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void assemblesARequestOfSeveralDatagrams() throws Exception {
        String[] types = new String[120];
        Arrays.setAll(types, i -> "TYPE-" + i);
        types[119] = "MODEL";
        HandleClient.Response response = new HandleClient()
                .resolve(
                        Transport.UDP,
                        harness.node.handleUdpAddress(),
                        "88.118.8/ABC123",
                        List.of(types),
                        new int[0],
                        Duration.ofSeconds(5));

        assertThat(response.values()).extracting(v -> v.type()).containsExactly("MODEL");
    }

    @Test
    void boundsIncompleteRequests() throws Exception {
        byte[] first = patched(Arrays.copyOf(request(77, "88.118.8/" + "x".repeat(1000)), 512), 12, 0);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(harness.node.handleUdpAddress());
            for (int i = 0; i < 100; i++) {
                byte[] datagram = patched(first, 8, 1000 + i);
                socket.send(new DatagramPacket(datagram, datagram.length));
            }
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> harness.count("waymark.resolver.udp.slices", "outcome", "refused") >= 80);
    }

    @Test
    void answersManyPipelinedRequestsOnOneConnection() throws Exception {
        int requests = 5000;
        Set<Integer> answered = new HashSet<>();
        try (Socket socket = connect(harness.node.handleTcpAddress())) {
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    for (int i = 1; i <= requests; i++) {
                        out.write(request(i, i % 3 == 0 ? "88.118.8/none" : "88.118.8/abc123"));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            for (int i = 0; i < requests; i++) {
                byte[] answer = frame(socket.getInputStream());
                int requestId = ByteBuffer.wrap(answer).getInt(8);
                assertThat(ByteBuffer.wrap(answer).getInt(24)).isEqualTo(requestId % 3 == 0 ? 100 : 1);
                answered.add(requestId);
            }
            writer.join();
        }
        assertThat(answered).hasSize(requests);
    }

    @Test
    void waitsForAClientThatDoesNotReadItsAnswers() throws Exception {
        harness.put("88.118.8/BIG", io.waymark.identifier.handle.HandleValue.text(1, "TEXT", "z".repeat(100_000), 0));
        int requests = 300; // 30 MB of answers, far more than sockets hold
        try (Socket socket = connect(harness.node.handleTcpAddress())) {
            for (int i = 1; i <= requests; i++) {
                socket.getOutputStream().write(request(i, "88.118.8/BIG"));
            }
            othersAreUnharmed();
            for (int i = 1; i <= requests; i++) {
                assertThat(frame(socket.getInputStream())).hasSizeGreaterThan(100_000);
            }
        }
    }

    @Test
    void waitsForABrowserThatDoesNotReadItsAnswers() throws Exception {
        harness.put(
                "88.118.8/BIGPAGE", io.waymark.identifier.handle.HandleValue.text(1, "TEXT", "z".repeat(100_000), 0));
        int requests = 120; // the codec lets 128 be ahead of their answers
        String get = "GET /api/handles/88.118.8/BIGPAGE HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Socket socket = connect(harness.node.httpAddress())) {
            socket.getOutputStream().write(get.repeat(requests).getBytes(StandardCharsets.US_ASCII));
            othersAreUnharmed();
            for (int i = 0; i < requests; i++) {
                String answer = readHttp(socket.getInputStream());
                assertThat(answer.length()).as("answer %d", i).isGreaterThan(100_000);
                assertThat(answer.startsWith("HTTP/1.1 200")).isTrue();
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrderThoughSomeTakeLonger() throws Exception {
        String put = "PUT /api/handles/88.118.8/PIPE HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + NodeHarness.TOKEN
                + "\r\nContent-Length: %d\r\n\r\n%s";
        String get = "GET /api/handles/88.118.8/PIPE HTTP/1.1\r\nHost: x\r\n\r\n";
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String body = "{\"index\":1,\"type\":\"N\",\"data\":\"round-" + i + "\"}";
            requests.append(put.formatted(body.length(), body)).append(get);
        }
        try (Socket socket = connect(harness.node.httpAddress())) {
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 20; i++) {
                assertThat(readHttp(socket.getInputStream())).startsWith(i == 0 ? "HTTP/1.1 201" : "HTTP/1.1 200");
                assertThat(readHttp(socket.getInputStream())).contains("round-" + i + '"');
            }
        }
    }

    @Test
    void disconnectsWhoPromisesAnImpossibleLength() throws Exception {
        try (Socket socket = connect(harness.node.handleTcpAddress())) {
            socket.getOutputStream().write(patched(request(77, "88.118.8/abc123"), 16, 300_000));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void answersAMalformedMessageAndTheNextOne() throws Exception {
        try (Socket socket = connect(harness.node.handleTcpAddress())) {
            socket.getOutputStream().write(patched(request(77, "88.118.8/abc123"), 44, -1));
            socket.getOutputStream().write(request(78, "88.118.8/abc123"));

            Map<Integer, Integer> codes = new HashMap<>(); // in the order in which they finish
            for (int i = 0; i < 2; i++) {
                ByteBuffer answer = ByteBuffer.wrap(frame(socket.getInputStream()));
                codes.put(answer.getInt(8), answer.getInt(24));
            }
            assertThat(codes).containsOnly(Map.entry(77, 4), Map.entry(78, 1));
        }
    }

    @Test
    void closesIdleConnections() throws Exception {
        try (Socket tcp = connect(harness.node.handleTcpAddress());
                Socket http = connect(harness.node.httpAddress())) {
            http.getOutputStream().write("GET /api/site HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(tcp.getInputStream().read()).isEqualTo(-1);
            assertThat(http.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void keepsHttpConnections() throws Exception {
        String get = "GET /api/handles/88.118.8/ABC123?index=2 HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Socket socket = connect(harness.node.httpAddress())) {
            socket.getOutputStream().write(get.repeat(20).getBytes(StandardCharsets.US_ASCII));
            List<String> statuses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                statuses.add(readHttp(socket.getInputStream()));
            }
            assertThat(statuses).allMatch(s -> s.startsWith("HTTP/1.1 200 OK") && s.contains("CNC-5A"));
        }
    }

    @Test
    void refusesWhatIsNoHttp() throws Exception {
        assertThat(rawHttp("\u0017\u0003\u0001 this is no handshake\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(rawHttp("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 414");
        assertThat(rawHttp("GET / HTTP/1.1\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(rawHttp("GET /%zz/x HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(rawHttp("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-hdl-message\r\n"
                        + "Content-Length: 3\r\n\r\nabc"))
                .startsWith("HTTP/1.1 400");
        assertThat(rawHttp("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void closesWhatBeginsAsTlsAndIsNot() throws Exception {
        try (Socket socket = connect(harness.node.httpAddress())) {
            socket.getOutputStream().write("\u0016\u0003\u0001\u0000\u0005hello".getBytes(StandardCharsets.ISO_8859_1));

            assertThat(socket.getInputStream().readAllBytes().length)
                    .as("at most an alert")
                    .isLessThanOrEqualTo(7);
        }
    }

    private static String rawHttp(String request) throws Exception {
        try (Socket socket = connect(harness.node.httpAddress())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return readHttp(socket.getInputStream());
        }
    }

    /** One answer with its body, by its Content-Length. */
    private static String readHttp(InputStream in) throws Exception {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                return text.toString();
            }
            text.append((char) octet);
        }
        String lower = text.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)));
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
