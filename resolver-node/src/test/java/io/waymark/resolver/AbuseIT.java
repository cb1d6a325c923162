package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.FunctionCounter;
import io.waymark.resolver.admin.HandleKeys;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.ConnectionLimits;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.wire.ClientCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.interfaces.DHPublicKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who takes more than his share meets a limit, the limit is counted, and everybody else is served as before. */
@Timeout(60)
class AbuseIT {
    private static final ConnectionLimits NARROW = new ConnectionLimits(24, 8, Duration.ofMillis(400));
    /** All of 127.0.0.0/8 is this machine, so that it can be two. */
    private static final String HOSTILE = "127.0.0.2";

    @TempDir
    static Path directory;

    private static NodeHarness harness;

    private final List<Socket> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        harness = new NodeHarness(
                        directory, new LoadLimits(ColdPath.Limits.defaults(), ResponseRate.unlimited(), NARROW))
                .withRecords();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @AfterEach
    void othersAreServed() throws Exception {
        for (Socket socket : open) {
            socket.close();
        }
        await().untilAsserted(() -> {
            for (Transport transport : Transport.values()) {
                assertThat(resolve(transport)).as("%s", transport).isTrue();
            }
        });
    }

    private static boolean resolve(Transport transport) throws Exception {
        return new HandleClient()
                .resolve(transport, address(transport), "88.118.8/abc123", List.of(), new int[0], Duration.ofSeconds(5))
                .found();
    }

    private static InetSocketAddress address(Transport transport) {
        return transport == Transport.HTTP ? harness.node.httpAddress() : harness.node.handleTcpAddress();
    }

    private Socket connect(String from, Transport transport) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(address(transport), 5000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static double refused(Transport transport, String reason) {
        return harness.count("waymark.resolver.connections.refused", "transport", transport.tag(), "reason", reason);
    }

    private static double functionCount(String meter) {
        FunctionCounter counter = harness.metrics.find(meter).functionCounter();
        return counter == null ? Double.NaN : counter.count();
    }

    // --- slow senders

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "HTTP"})
    void aRequestThatTricklesInEndsItsConnection(Transport transport) throws Exception {
        double before = refused(transport, "slow");
        byte[] request = transport == Transport.HTTP
                ? ("GET /api/handles/88.118.8/TEA HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(5000))
                        .getBytes(StandardCharsets.US_ASCII)
                : resolution(7, "88.118.8/TEA");
        Socket socket = connect(HOSTILE, transport);
        int written = trickle(socket, request);

        assertThat(written).isLessThan(request.length);
        await().untilAsserted(() -> assertThat(refused(transport, "slow")).isEqualTo(before + 1));
    }

    /** An octet every 10 ms until the node hangs up. */
    private static int trickle(Socket socket, byte[] octets) throws Exception {
        OutputStream out = socket.getOutputStream();
        socket.setSoTimeout(10);
        for (int i = 0; i < octets.length - 1; i++) {
            try {
                out.write(octets[i]);
                if (socket.getInputStream().read() < 0) {
                    return i;
                }
            } catch (SocketTimeoutException e) {
                // nothing said yet: the next octet
            } catch (IOException e) {
                return i;
            }
        }
        return octets.length;
    }

    // --- connections

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "HTTP"})
    void oneSourceHasItsShareOfConnectionsAndNoMore(Transport transport) throws Exception {
        double before = refused(transport, "too-many-of-source");
        for (int i = 0; i < 3 * NARROW.perSourceMax(); i++) {
            connect(HOSTILE, transport);
        }
        await().untilAsserted(() ->
                assertThat(refused(transport, "too-many-of-source") - before).isEqualTo(2 * NARROW.perSourceMax()));
        assertThat(resolve(transport)).as("another source, meanwhile").isTrue();
    }

    @Test
    void allConnectionsTogetherAreBounded() throws Exception {
        double before = refused(Transport.TCP, "too-many");
        for (int source = 2; source < 10; source++) {
            for (int i = 0; i < NARROW.perSourceMax(); i++) {
                connect("127.0.0." + source, Transport.TCP);
            }
        }
        await().untilAsserted(() -> assertThat(refused(Transport.TCP, "too-many") - before)
                .isGreaterThanOrEqualTo(8 * NARROW.perSourceMax() - NARROW.max()));
    }

    // --- oversize

    @Test
    void aMessageLongerThanTheProtocolAllowsEndsItsConnection() throws Exception {
        double before = harness.count("waymark.resolver.malformed", "transport", "tcp", "reason", "length");
        Socket socket = connect(HOSTILE, Transport.TCP);
        byte[] request = resolution(7, "88.118.8/TEA");
        ByteBuffer.wrap(request).putInt(16, Integer.MAX_VALUE);
        socket.getOutputStream().write(request);

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        assertThat(harness.count("waymark.resolver.malformed", "transport", "tcp", "reason", "length"))
                .isEqualTo(before + 1);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItHasCome() throws Exception {
        double before = harness.count("waymark.resolver.http.requests", "status", "413");
        Socket socket = connect(HOSTILE, Transport.HTTP);
        socket.getOutputStream()
                .write("PUT /api/handles/88.118.8/X HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n{"
                        .getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 413");
        await().untilAsserted(() -> assertThat(harness.count("waymark.resolver.http.requests", "status", "413"))
                .isEqualTo(before + 1));
    }

    // --- reassembly

    @Test
    void requestsThatAreNeverCompletedTakeOneSourceTheirShareOnly() throws Exception {
        double before = harness.count("waymark.resolver.udp.slices", "outcome", "refused");
        try (DatagramSocket hostile = new DatagramSocket(0, InetAddress.getByName(HOSTILE))) {
            for (int i = 1; i <= 2000; i++) {
                byte[] slice = slice(i, 0, 200_000);
                hostile.send(new DatagramPacket(slice, slice.length, harness.node.handleUdpAddress()));
            }
        }
        await().untilAsserted(() -> assertThat(harness.count("waymark.resolver.udp.slices", "outcome", "refused"))
                .isGreaterThan(before + 500));
        assertThat(harness.metrics
                        .find("waymark.resolver.udp.reassembly.messages")
                        .gauges())
                .isNotEmpty()
                .allMatch(gauge -> gauge.value() <= 8);
        assertThat(askInTwoDatagrams())
                .as("another source's request of two datagrams")
                .isEqualTo(1);
    }

    private static byte[] slice(int requestId, int number, int messageLength) {
        byte[] slice = new byte[20 + 492];
        ByteBuffer.wrap(slice)
                .put((byte) 2)
                .put((byte) 11)
                .putShort((short) 0x2000)
                .putInt(4, 0)
                .putInt(8, requestId)
                .putInt(12, number)
                .putInt(16, messageLength);
        return slice;
    }

    private static int askInTwoDatagrams() throws Exception {
        byte[] request = ClientCodec.resolution(
                77,
                OpFlags.DEFAULT_REQUEST,
                Integer.MAX_VALUE,
                "88.118.8/abc123",
                List.of("URL", "x".repeat(600)),
                new int[0]);
        try (DatagramSocket honest = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            honest.setSoTimeout(5000);
            for (int from = 20, number = 0; from < request.length; from += 492, number++) {
                int length = Math.min(492, request.length - from);
                byte[] datagram = new byte[20 + length];
                System.arraycopy(request, 0, datagram, 0, 20);
                ByteBuffer.wrap(datagram).putShort(2, (short) 0x2000).putInt(12, number);
                System.arraycopy(request, from, datagram, 20, length);
                honest.send(new DatagramPacket(datagram, datagram.length, harness.node.handleUdpAddress()));
            }
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            honest.receive(answer);
            return ByteBuffer.wrap(answer.getData()).getInt(24);
        }
    }

    // --- what costs arithmetic

    @Test
    void iterationsBeyondTheBoundAreRefusedWithoutWork() throws Exception {
        Socket socket = connect(HOSTILE, Transport.TCP);
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(answerChallenge(socket, challenge(socket), Integer.MAX_VALUE))
                    .isEqualTo(ResponseCode.INVALID_CREDENTIAL.code());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(harness.count("waymark.resolver.requests", "transport", "tcp", "outcome", "invalid-credential"))
                .isGreaterThanOrEqualTo(20);
    }

    @Test
    void keyDerivationsOfOneSourceWaitInALineOfTheirOwn() throws Exception {
        ExecutorService burners = Executors.newFixedThreadPool(NARROW.perSourceMax() - 1);
        try {
            double before = functionCount("waymark.resolver.proofs.refused");
            List<Future<?>> burning = new ArrayList<>();
            for (int i = 0; i < NARROW.perSourceMax() - 1; i++) {
                Socket socket = connect(HOSTILE, Transport.TCP);
                burning.add(burners.submit(() -> burn(socket, 24)));
            }
            long slowest = 0;
            int asked = 0;
            for (; burning.stream().anyMatch(burner -> !burner.isDone()) && asked < 200; asked++) {
                long begin = System.nanoTime();
                assertThat(resolve(Transport.TCP)).isTrue();
                slowest = Math.max(slowest, System.nanoTime() - begin);
            }
            for (Future<?> burner : burning) {
                burner.get(30, TimeUnit.SECONDS);
            }
            assertThat(asked).isPositive();
            assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(3));
            assertThat(functionCount("waymark.resolver.proofs.refused"))
                    .as("proofs refused beyond the line's length")
                    .isGreaterThan(before);
        } finally {
            burners.shutdownNow();
        }
    }

    /** Asks for many challenges, then answers them all at once with much work each. */
    private static Void burn(Socket socket, int times) throws IOException {
        List<Integer> challenges = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            challenges.add(challenge(socket));
        }
        for (int session : challenges) {
            socket.getOutputStream().write(challengeAnswer(session, 30_000));
        }
        for (int i = 0; i < times; i++) {
            assertThat(code(read(socket)))
                    .isIn(
                            ResponseCode.AUTHENTICATION_FAILED.code(),
                            ResponseCode.SERVER_TOO_BUSY.code(),
                            ResponseCode.INVALID_CREDENTIAL.code());
        }
        return null;
    }

    // --- tables

    @Test
    void challengesNobodyAnswersTakeTheirSourcesPlacesOnly() throws Exception {
        Socket honest = connect("127.0.0.1", Transport.TCP);
        int kept = challenge(honest);
        double before = functionCount("waymark.resolver.challenges.crowded");
        Socket hostile = connect(HOSTILE, Transport.TCP);
        for (int i = 0; i < 1000; i++) {
            challenge(hostile);
        }
        assertThat(functionCount("waymark.resolver.challenges.crowded") - before)
                .isGreaterThanOrEqualTo(700);
        assertThat(harness.metrics.get("waymark.resolver.challenges").gauge().value())
                .isLessThanOrEqualTo(300);
        assertThat(answerChallenge(honest, kept, 1_000))
                .as("the honest challenge is still known: only its answer is wrong")
                .isEqualTo(ResponseCode.AUTHENTICATION_FAILED.code());
    }

    @Test
    void sessionsNobodyProvesAnythingInTakeTheirSourcesPlacesOnly() throws Exception {
        double before = functionCount("waymark.resolver.sessions.crowded");
        Socket hostile = connect(HOSTILE, Transport.TCP);
        byte[] setup = sessionSetup();
        for (int i = 0; i < 300; i++) {
            hostile.getOutputStream().write(setup);
            assertThat(code(read(hostile))).isIn(ResponseCode.SUCCESS.code(), ResponseCode.SERVER_TOO_BUSY.code());
        }
        assertThat(harness.metrics.get("waymark.resolver.sessions").gauge().value())
                .isLessThanOrEqualTo(256);
        assertThat(functionCount("waymark.resolver.sessions.crowded")).isGreaterThan(before);
    }

    // --- messages

    private static byte[] resolution(int requestId, String handle) {
        return ClientCodec.resolution(
                requestId, OpFlags.DEFAULT_REQUEST, Integer.MAX_VALUE, handle, List.of(), new int[0]);
    }

    /** A whole message without credential. */
    private static byte[] message(int session, OpCode op, ByteBuffer body) {
        body.flip();
        int length = 24 + body.remaining() + 4;
        return ByteBuffer.allocate(20 + length)
                .put((byte) 2)
                .put((byte) 11)
                .putShort((short) 0)
                .putInt(session)
                .putInt(9)
                .putInt(0)
                .putInt(length)
                .putInt(op.code())
                .putInt(0)
                .putInt(OpFlags.KEEP_ALIVE)
                .putShort((short) 1)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(Integer.MAX_VALUE)
                .putInt(body.remaining())
                .put(body)
                .putInt(0)
                .array();
    }

    private static ByteBuffer text(ByteBuffer out, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return out.putInt(octets.length).put(octets);
    }

    /** Asks to delete a record; the number of the challenge. */
    private static int challenge(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(message(0, OpCode.DELETE_HANDLE, text(ByteBuffer.allocate(64), "88.118.8/abc123")));
        byte[] answer = read(socket);
        assertThat(code(answer)).isEqualTo(ResponseCode.AUTHENTICATION_NEEDED.code());
        return ByteBuffer.wrap(answer).getInt(4);
    }

    private static int answerChallenge(Socket socket, int session, int iterations) throws IOException {
        socket.getOutputStream().write(challengeAnswer(session, iterations));
        return code(read(socket));
    }

    /** A wrong proof by PBKDF2. */
    private static byte[] challengeAnswer(int session, int iterations) {
        ByteBuffer proof = ByteBuffer.allocate(64).put((byte) 0x22);
        text(proof, "0123456789abcdef").putInt(iterations).putInt(160);
        text(proof, "01234567890123456789").flip();
        ByteBuffer body = text(text(ByteBuffer.allocate(256), "HS_SECKEY"), "88.118.8/ADMIN");
        body.putInt(300).putInt(proof.remaining()).put(proof);
        return message(session, OpCode.RESPONSE_TO_CHALLENGE, body);
    }

    private static byte[] sessionSetup() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
        generator.initialize(1024);
        DHPublicKey key = (DHPublicKey) generator.generateKeyPair().getPublic();
        byte[] octets = HandleKeys.encode(
                HandleKeys.DIFFIE_HELLMAN,
                key.getY(),
                key.getParams().getP(),
                key.getParams().getG());
        ByteBuffer body = ByteBuffer.allocate(64 + octets.length);
        body.putShort((short) Request.SessionSetup.MODE_DIFFIE_HELLMAN).putInt(60);
        text(body, "").putInt(0).putInt(octets.length).put(octets);
        return message(0, OpCode.SESSION_SETUP, body);
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] head = new byte[20];
        in.readFully(head);
        byte[] rest = new byte[ByteBuffer.wrap(head).getInt(16)];
        in.readFully(rest);
        return ByteBuffer.allocate(20 + rest.length).put(head).put(rest).array();
    }

    private static int code(byte[] answer) {
        return ByteBuffer.wrap(answer).getInt(24);
    }
}
