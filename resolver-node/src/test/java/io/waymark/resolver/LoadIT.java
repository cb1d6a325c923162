package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.rate.Network;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.wire.ClientCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More requests than may or can be answered. */
@Timeout(60)
class LoadIT {
    private static final int SUCCESS = 1;
    private static final int SERVER_TOO_BUSY = 3;
    private static final int SERVER_NOT_RESPONSIBLE = 301;
    private static final int SLOW = 1; // per second: hardly anything is earned back during a test

    @TempDir
    Path directory;

    private static byte[] request(int id, String handle) {
        return ClientCodec.resolution(id, OpFlags.DEFAULT_REQUEST, Integer.MAX_VALUE, handle, List.of(), new int[0]);
    }

    private static LoadLimits limits(int burst, int slip, String... exempt) {
        List<Network> networks = List.of(exempt).stream().map(Network::parse).toList();
        return new LoadLimits(ColdPath.Limits.defaults(), new ResponseRate(SLOW, burst, slip, 24, 56, 1024, networks));
    }

    /** Sends so many requests from one address; the answers, as they come until none has come for a while. */
    private static List<ByteBuffer> flood(InetSocketAddress node, String from, int requests, String handle)
            throws IOException {
        List<ByteBuffer> answers = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(from))) {
            socket.connect(node);
            for (int i = 0; i < requests; i++) {
                byte[] request = request(1000 + i, handle);
                socket.send(new DatagramPacket(request, request.length));
            }
            socket.setSoTimeout(500);
            while (true) {
                DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
                socket.receive(answer);
                answers.add(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
            }
        } catch (SocketTimeoutException e) {
            return answers;
        }
    }

    private static List<Integer> codes(List<ByteBuffer> answers) {
        return answers.stream().map(a -> a.getInt(24)).toList();
    }

    @Test
    void answersASourceAtItsRateAndOthersBesideIt() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory, limits(6, 2)).withRecords()) {
            InetSocketAddress node = harness.node.handleUdpAddress();
            flood(node, "127.0.3.1", 3, "88.118.8/ABC123"); // the node is slow at first

            long began = System.nanoTime();
            List<ByteBuffer> answers = flood(node, "127.0.1.1", 26, "88.118.8/ABC123");
            int earned =
                    1 + SLOW * (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();

            assertThat(codes(answers)).filteredOn(c -> c == SUCCESS).hasSizeBetween(6, 6 + earned);
            assertThat(codes(answers)).filteredOn(c -> c == SERVER_TOO_BUSY).hasSizeBetween(10 - earned, 10);
            assertThat(answers)
                    .filteredOn(a -> a.getInt(24) == SERVER_TOO_BUSY)
                    .allSatisfy(a -> assertThat(a.limit())
                            .as("no longer than the request")
                            .isLessThanOrEqualTo(request(1, "88.118.8/ABC123").length))
                    .allSatisfy(a -> assertThat(a.getInt(8)).as("request id").isBetween(1000, 1025));
            assertThat(codes(flood(node, "127.0.2.1", 3, "88.118.8/ABC123")))
                    .as("another network")
                    .containsExactly(SUCCESS, SUCCESS, SUCCESS);
            assertThat(harness.count("waymark.resolver.udp.limited")).isBetween(20.0 - earned, 20.0);
            assertThat(harness.metrics
                            .get("waymark.resolver.udp.sources")
                            .gauge()
                            .value())
                    .isBetween(1.0, 3.0);
        }
    }

    @Test
    void countsTheAddressesOfANetworkTogether() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory, limits(6, 0)).withRecords()) {
            InetSocketAddress node = harness.node.handleUdpAddress();
            long began = System.nanoTime();
            int answers = 0;
            for (int host = 1; host <= 4; host++) {
                answers += flood(node, "127.0.1." + host, 6, "88.118.8/ABC123").size();
            }
            int earned =
                    1 + SLOW * (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();
            assertThat(answers).isBetween(6, 6 + earned);
        }
    }

    @Test
    void doesNotLimitOtherTransportsNorTheExempt() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory, limits(1, 0, "127.0.9.0/24")).withRecords()) {
            InetSocketAddress node = harness.node.handleUdpAddress();
            assertThat(flood(node, "127.0.9.1", 50, "88.118.8/ABC123")).hasSize(50);
            assertThat(flood(node, "127.0.0.1", 5, "88.118.8/ABC123")).hasSize(1);
            for (int i = 0; i < 5; i++) {
                HandleClient.Response response = new HandleClient()
                        .resolve(
                                Transport.TCP,
                                harness.node.handleTcpAddress(),
                                "88.118.8/abc123",
                                List.of(),
                                new int[0],
                                Duration.ofSeconds(5));
                assertThat(response.found()).isTrue();
            }
        }
    }

    /** A name of 2 000 octets is answered in four datagrams, each of which counts. */
    @Test
    void countsEveryDatagramOfAnAnswer() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory, limits(8, 0)).withRecords()) {
            harness.put("88.118.8/LARGE", HandleValue.text(1, "DESC", "x".repeat(1_700), 0));
            InetSocketAddress node = harness.node.handleUdpAddress();
            assertThat(flood(node, "127.0.1.1", 20, "88.118.8/LARGE")).hasSizeBetween(2 * 4, 9 * 4);
            assertThat(flood(node, "127.0.1.1", 20, "88.118.8/LARGE")).hasSizeLessThanOrEqualTo(2 * 4);
        }
    }

    /**
     * One thread for cold requests and one place to wait: of many requests for a prefix that does not live here some are told
     * that the server is too busy, while what memory knows is answered as ever, between them and on the same connection.
     */
    @Test
    void answersFromMemoryWhileTheColdPathIsFull() throws Exception {
        LoadLimits narrow = new LoadLimits(new ColdPath.Limits(1, 1), ResponseRate.unlimited());
        try (NodeHarness harness = new NodeHarness(directory, narrow).withRecords();
                Socket socket = new Socket()) {
            socket.connect(harness.node.handleTcpAddress());
            socket.setSoTimeout(10_000);
            ByteBuffer requests = ByteBuffer.allocate(200 * 100);
            for (int i = 0; i < 200; i++) {
                requests.put(request(i, i % 2 == 0 ? "77.1/ELSEWHERE" : "88.118.8/ABC123"));
            }
            socket.getOutputStream().write(requests.array(), 0, requests.position());

            DataInputStream in = new DataInputStream(socket.getInputStream());
            int busy = 0;
            for (int i = 0; i < 200; i++) {
                ByteBuffer answer = ByteBuffer.wrap(frame(in));
                int id = answer.getInt(8);
                int code = answer.getInt(24);
                if (id % 2 == 1) {
                    assertThat(code).as("request %d", id).isEqualTo(SUCCESS);
                } else {
                    assertThat(code).as("request %d", id).isIn(SERVER_TOO_BUSY, SERVER_NOT_RESPONSIBLE);
                    busy += code == SERVER_TOO_BUSY ? 1 : 0;
                }
            }
            assertThat(busy).isBetween(1, 99);
            assertThat(harness.count("waymark.resolver.cold.refused")).isEqualTo(busy);
            assertThat(harness.count("waymark.resolver.requests", "outcome", "server-too-busy"))
                    .isEqualTo(busy);
        }
    }

    private static byte[] frame(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(20);
        byte[] rest = in.readNBytes(ByteBuffer.wrap(head).getInt(16));
        return ByteBuffer.allocate(20 + rest.length).put(head).put(rest).array();
    }
}
