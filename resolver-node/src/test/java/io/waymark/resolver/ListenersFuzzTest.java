package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.resolver.wire.ClientCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Anything is thrown at a whole node with a real store, through its real sockets. After each input an honest client is
 * answered, nothing was logged as an error, and now and then the leak detector is asked.
 */
class ListenersFuzzTest {
    private static final int LEAKS_EVERY = 20_000;
    private static final int ANSWER_MILLIS_MAX = 10_000;

    /** One node for all inputs of a run: what one leaves behind, the next one meets. */
    private static final class Target {
        static final Target INSTANCE = new Target();

        final NodeHarness harness = harness();
        final LeakWatch leaks = new LeakWatch();
        final ListAppender<ILoggingEvent> logged = new ListAppender<>();
        final DatagramSocket honest = socket();
        final DatagramSocket hostile = socket();
        final AtomicInteger requestIds = new AtomicInteger(1);

        Target() {
            logged.start();
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(logged);
        }

        private static NodeHarness harness() {
            try {
                Path directory = Files.createTempDirectory("waymark-fuzz");
                NodeHarness harness = new NodeHarness(directory).withRecords();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(harness, directory)));
                return harness;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static void remove(NodeHarness harness, Path directory) {
            harness.close();
            try (Stream<Path> all = Files.walk(directory)) {
                all.sorted(java.util.Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static DatagramSocket socket() {
            try {
                DatagramSocket socket = new DatagramSocket();
                socket.setSoTimeout(ANSWER_MILLIS_MAX);
                return socket;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        InetSocketAddress udp() {
            return harness.node.handleUdpAddress();
        }

        /** The honest client, and what else must hold after every input. */
        void check() throws IOException {
            int id = requestIds.incrementAndGet();
            byte[] request = resolution(id, "88.118.8/abc123");
            honest.send(new DatagramPacket(request, request.length, udp()));
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            do {
                honest.receive(answer);
            } while (ByteBuffer.wrap(answer.getData()).getInt(8) != id);
            assertThat(ByteBuffer.wrap(answer.getData()).getInt(24)).isEqualTo(1);
            assertThat(List.copyOf(logged.list))
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEmpty();
            logged.list.clear();
            if (id % LEAKS_EVERY == 0) {
                assertThat(leaks.leaks()).isEmpty();
            }
        }
    }

    private static byte[] resolution(int requestId, String handle) {
        return ClientCodec.resolution(requestId, 0, 0, handle, List.of(), new int[0]);
    }

    static Stream<byte[]> messages() {
        byte[] one = resolution(7, "88.118.8/TEA");
        byte[] two = new byte[2 * one.length];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        byte[] create = one.clone();
        ByteBuffer.wrap(create).putInt(20, 100);
        byte[] session = one.clone();
        ByteBuffer.wrap(session).putInt(20, 400).putInt(4, 9);
        byte[] cut = one.clone();
        ByteBuffer.wrap(cut).putShort(2, (short) 0x2000);
        return Stream.of(one, two, create, session, cut);
    }

    @MethodSource("messages")
    @FuzzTest
    void udp(byte[] octets) throws IOException {
        Target target = Target.INSTANCE;
        for (int from = 0; from == 0 || from < octets.length; from += 512) {
            byte[] slice = Arrays.copyOfRange(octets, from, Math.min(octets.length, from + 512));
            target.hostile.send(new DatagramPacket(slice, slice.length, target.udp()));
        }
        target.check();
    }

    @MethodSource("messages")
    @FuzzTest
    void tcp(byte[] octets) throws IOException {
        BugDetectors.allowNetworkConnections();
        throwAt(Target.INSTANCE.harness.node.handleTcpAddress(), octets);
    }

    static Stream<byte[]> requests() {
        return Stream.of(
                        "GET /api/handles/88.118.8/TEA?pretty HTTP/1.1\r\nHost: x\r\n\r\n",
                        "GET /88.118.8/abc123?noredirect HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nAccept-Language: zh\r\n\r\n",
                        "GET /01/06901234567892/21/7?linkType=linkset HTTP/1.1\r\nHost: x\r\nAccept: application/linkset+json"
                                + "\r\n\r\n",
                        "PUT /api/handles/88.118.8/F HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer operator-token\r\n"
                                + "Content-Length: 37\r\n\r\n{\"index\":1,\"type\":\"N\",\"data\":\"round-1\"}",
                        "POST /api/resolutions HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n[\"88.118.8/abc123\"] ",
                        "POST /api/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "GET /.well-known/gs1resolver HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n")
                .map(request -> request.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("requests")
    @FuzzTest
    void http(byte[] octets) throws IOException {
        BugDetectors.allowNetworkConnections();
        throwAt(Target.INSTANCE.harness.node.httpAddress(), octets);
    }

    /** Writes, reads what is ready at once, hangs up. */
    private static void throwAt(InetSocketAddress address, byte[] octets) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(1);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(octets);
            assertThat(socket.getInputStream().readNBytes(1)).hasSizeLessThan(2);
        } catch (SocketTimeoutException e) {
            assertThat(e).hasNoCause();
        } catch (IOException e) {
            assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe");
        }
        Target.INSTANCE.check();
    }
}
