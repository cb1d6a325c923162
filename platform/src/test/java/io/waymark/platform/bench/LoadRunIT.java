package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The generator against servers whose behaviour is known exactly. */
@Timeout(30)
class LoadRunIT {
    private static final Duration SHORT = Duration.ofMillis(800);
    private static final HandleMessage MESSAGE = new HandleMessage(List.of(), List.of(), 0);
    private static final int HANDLE_NOT_FOUND = 100;

    @Test
    void openLoopShowsAPauseOfTheServerInEveryRequestThatFellIntoIt() throws Exception {
        try (UdpServer server = new UdpServer(200, HandleMessage.SUCCESS)) {
            LoadPlan plan = new LoadPlan(1, 4096, 1, 2000, Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(5));
            LoadResult result = run(plan, n -> udp(server.address()));

            // 1000 requests in, the server sleeps 200 ms: some 400 requests were due meanwhile and waited 0…200 ms.
            long waited = result.tally()
                    .latencyNanos()
                    .getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(1000));
            // A generator that waits for answers would show one.
            assertThat(waited).isGreaterThan(200);
            assertThat(result.tally().succeeded()).isBetween(waited, 4000L);
            assertThat(result.tally().lost()).isZero();
        }
    }

    @Test
    void countsWhatTheServerDropped() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) silent.getLocalSocketAddress();
            LoadPlan plan = new LoadPlan(1, 8, 1, 0, Duration.ZERO, SHORT, Duration.ofMillis(100));
            LoadResult result = run(plan, n -> udp(address));

            assertThat(result.tally().answers()).isZero();
            assertThat(result.tally().failures()).containsKey("no answer in time");
            assertThat(result.tally().lost()).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void namesTheResponseCodeOfWhatIsNoSuccess() throws Exception {
        try (UdpServer server = new UdpServer(0, HANDLE_NOT_FOUND)) {
            LoadResult result = run(plan(2, 16, 2), n -> udp(server.address()));

            assertThat(result.tally().succeeded()).isZero();
            assertThat(result.tally().failures()).containsOnlyKeys("HANDLE_NOT_FOUND (100)");
        }
    }

    @Test
    void putsAnAnswerOfSeveralDatagramsTogether() throws Exception {
        try (UdpServer server = new UdpServer(0, HandleMessage.SUCCESS)) {
            server.messageLength = 3 * HandleMessage.SLICE - 5;
            LoadResult result = run(plan(1, 4, 1), n -> udp(server.address()));

            assertThat(result.tally().succeeded()).isPositive();
            assertThat(result.tally().answerBytes() / result.tally().succeeded())
                    .isEqualTo(HandleMessage.ENVELOPE + server.messageLength);
            assertThat(result.tally().failures()).isEmpty();
        }
    }

    @Test
    void goesOnWhenAServerClosesAfterEachAnswer() throws Exception {
        try (TcpServer server = new TcpServer(LoadRunIT::answerOneHandleRequest)) {
            LoadResult result = run(plan(1, 1, 1), n -> tcp(server.address()));

            assertThat(result.tally().succeeded()).isPositive();
            assertThat(result.tally().lost()).isZero();
            assertThat(result.tally().failures()).containsKey("reconnected");
        }
    }

    @Test
    void tellsThatTheBrokerHasGone() throws Exception {
        try (TcpServer server = new TcpServer(socket -> {
            socket.getInputStream().readNBytes(2);
            socket.getOutputStream().write(new byte[] {0x20, 2, 0, 0});
            socket.getInputStream().readNBytes(40);
        })) {
            MqttPublisher publisher =
                    new MqttPublisher(4, "c", null, null, "t".getBytes(StandardCharsets.UTF_8), 1, new byte[100]);
            assertThatIOException()
                    .isThrownBy(() -> run(plan(1, 4, 1), n -> new MqttLink(server.address(), publisher, 4)))
                    .withMessageContaining("closed a connection with 4 requests in flight");
        }
    }

    @Test
    void refusesToStartWithAWrongProcessId() {
        LoadRun run = new LoadRun(plan(1, 1, 1), List.of(999_999_999L));

        assertThatIOException()
                .isThrownBy(() -> run.run(
                        n -> {
                            throw new AssertionError("no link should be opened");
                        },
                        (left, warmingUp, perSecond) -> {}))
                .withMessageContaining("999999999");
    }

    private static LoadPlan plan(int connections, int window, int threads) {
        return new LoadPlan(connections, window, threads, 0, Duration.ZERO, SHORT, Duration.ofSeconds(1));
    }

    private static LoadResult run(LoadPlan plan, LoadRun.Links links) throws IOException, InterruptedException {
        return new LoadRun(plan, List.of(ProcessHandle.current().pid())).run(links, (left, warmingUp, perSecond) -> {});
    }

    private static Names names() {
        return Names.numbered(NamePattern.parse("88.118.8/k%07d"), UnaryOperator.identity(), Chooser.uniform(1000, 1));
    }

    private static Link udp(InetSocketAddress server) throws IOException {
        return new UdpLink(server, MESSAGE, names(), 4096, HandleMessage.SUCCESS);
    }

    private static Link tcp(InetSocketAddress server) throws IOException {
        return new HandleTcpLink(server, MESSAGE, names(), 1, HandleMessage.SUCCESS);
    }

    private static void answerOneHandleRequest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] envelope = in.readNBytes(HandleMessage.ENVELOPE);
        if (envelope.length == HandleMessage.ENVELOPE) {
            in.readNBytes(ByteBuffer.wrap(envelope).getInt(16));
            socket.getOutputStream().write(answer(ByteBuffer.wrap(envelope).getInt(8), 0, 32, HandleMessage.SUCCESS));
        }
    }

    /** One datagram, or a whole message on TCP. */
    private static byte[] answer(int requestId, int sequence, int messageLength, int code) {
        int slice = Math.min(HandleMessage.SLICE, messageLength - sequence * HandleMessage.SLICE);
        ByteBuffer answer = ByteBuffer.allocate(HandleMessage.ENVELOPE + slice);
        answer.putInt(8, requestId).putInt(12, sequence).putInt(16, messageLength);
        if (sequence == 0) {
            answer.putInt(20, 1).putInt(24, code);
        }
        return answer.array();
    }

    private static void joinUninterruptibly(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers every datagram, once after a pause. */
    private static final class UdpServer implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        private final Thread thread;
        volatile int messageLength = 32;

        UdpServer(int pauseMillisAfter1000, int code) throws IOException {
            socket.setReceiveBufferSize(4 << 20);
            thread = new Thread(() -> serve(pauseMillisAfter1000, code));
            thread.start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve(int pauseMillis, int code) {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            try {
                for (int n = 1; ; n++) {
                    packet.setLength(512);
                    socket.receive(packet);
                    if (n == 1000 && pauseMillis > 0) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
                    }
                    int id = ByteBuffer.wrap(packet.getData()).getInt(8);
                    for (int at = 0, sequence = 0; at < messageLength; at += HandleMessage.SLICE, sequence++) {
                        byte[] answer = answer(id, sequence, messageLength, code);
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        @Override
        public void close() {
            socket.close();
            joinUninterruptibly(thread);
        }
    }

    /** Treats each connection as told and closes it. */
    private static final class TcpServer implements AutoCloseable {
        private interface Treatment {
            void of(Socket socket) throws IOException;
        }

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Thread thread;

        TcpServer(Treatment treatment) throws IOException {
            thread = new Thread(() -> serve(treatment));
            thread.start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) server.getLocalSocketAddress();
        }

        private void serve(Treatment treatment) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    treatment.of(socket);
                } catch (IOException e) {
                    if (!server.isClosed() && !(e instanceof java.net.SocketException)) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            joinUninterruptibly(thread);
        }
    }
}
