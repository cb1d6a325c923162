package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.upstream.Targets;
import io.waymark.resolver.upstream.UpstreamConfig;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.resolver.wire.EnvelopeCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that asks an enterprise's for those who wish it. */
class RecursionIT {
    private static final String DELEGATED = "88.118.9";
    private static final int NO_RECURSION = OpFlags.CACHE_CERTIFIED | OpFlags.PUBLIC_ONLY;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static NodeHarness enterprise;

    @SuppressWarnings("NullAway.Init") // by each test
    private NodeHarness harness;

    @BeforeAll
    static void start() throws IOException {
        enterprise = new NodeHarness(Files.createDirectory(directory.resolve("enterprise")));
        NodeHarness.done(enterprise.node.registrar().homePrefix(DELEGATED, new byte[] {1}));
        enterprise.put(
                DELEGATED + "/PUMP",
                HandleValue.text(1, "URL", "https://pump.example/9", 0),
                HandleValue.text(2, "MODEL", "P-9", 0));
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @AfterAll
    static void stopEnterprise() {
        enterprise.close();
    }

    private static UpstreamConfig asking(Targets targets) {
        UpstreamConfig none = UpstreamConfig.NONE;
        return new UpstreamConfig(
                Set.of("*"),
                targets,
                none.attempt(),
                Duration.ofSeconds(10),
                none.inFlightMax(),
                none.inFlightPerServerMax(),
                none.cacheBytes(),
                none.negativeTtl(),
                4,
                none.signatures(),
                none.identities(),
                none.root());
    }

    /** Every test has a node of its own; the key is made once, because making one takes seconds. */
    private void second(Targets targets, SiteInfo site) throws IOException {
        Path own = Files.createTempDirectory(directory, "second");
        Path keys = directory.resolve("keys-of-second");
        if (Files.exists(keys)) {
            copy(keys, own.resolve("keys"));
        }
        harness = new NodeHarness(own, asking(targets)).withRecords();
        if (!Files.exists(keys)) {
            copy(own.resolve("keys"), keys);
        }
        delegate(harness, site);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delegate(NodeHarness at, SiteInfo site) {
        HandleValue value = HandleValue.of(1, "HS_SITE", SiteInfoCodec.encode(site), 0);
        RecordChange change = new RecordChange.Put(new Handle("0.NA/" + DELEGATED), List.of(value), List.of());
        at.records.apply(List.of(change)).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static SiteInfo site(int udpPort, int tcpPort) {
        List<Interface> interfaces = tcpPort == 0
                ? List.of(new Interface(Service.QUERY, Protocol.UDP, udpPort))
                : List.of(
                        new Interface(Service.QUERY, Protocol.UDP, udpPort),
                        new Interface(Service.QUERY, Protocol.TCP, tcpPort));
        Server server = Server.at(1, InetAddress.getLoopbackAddress(), new byte[0], interfaces);
        return new SiteInfo(1, 2, 11, 1, true, false, HashOption.WHOLE_HANDLE, List.of(), List.of(server));
    }

    private static final AtomicInteger IDS = new AtomicInteger(1);

    private static byte[] request(String handle, int flags, int recursionCount, String... types) {
        int expires = (int) (System.currentTimeMillis() / 1000) + 1000;
        return ClientCodec.resolution(
                IDS.incrementAndGet(), flags, expires, recursionCount, handle, List.of(types), new int[0]);
    }

    private ClientCodec.Answer ask(String handle, int flags, String... types) throws Exception {
        return exchange(request(handle, flags, 0, types));
    }

    private ClientCodec.Answer exchange(byte[] request) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(harness.node.handleTcpAddress());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request);
            return read(new DataInputStream(socket.getInputStream()));
        }
    }

    private static ClientCodec.Answer read(DataInputStream in) throws Exception {
        byte[] envelope = in.readNBytes(EnvelopeCodec.BYTES);
        byte[] message = in.readNBytes(ByteBuffer.wrap(envelope).getInt(16));
        byte[] frame = Arrays.copyOf(envelope, envelope.length + message.length);
        System.arraycopy(message, 0, frame, envelope.length, message.length);
        return ClientCodec.decode(frame);
    }

    private static int code(ClientCodec.Answer answer) {
        return answer.header().responseCode();
    }

    private double passedOn(String outcome) {
        return harness.count("waymark.resolver.upstream.requests", "outcome", outcome);
    }

    private double enterpriseRequests() {
        return enterprise.count("waymark.resolver.requests");
    }

    @Test
    void answersForTheEnterpriseAndDoesNotPretendToBeIt() throws Exception {
        second(Targets.ANY, enterprise.node.site());

        ClientCodec.Answer answer = ask(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST);

        assertThat(code(answer)).isEqualTo(ResponseCode.SUCCESS.code());
        assertThat(answer.handle()).isEqualTo(DELEGATED + "/pump");
        assertThat(answer.values()).extracting(HandleValue::index).containsExactly(1, 2);
        assertThat(answer.header().has(OpFlags.AUTHORITATIVE)).isFalse();
    }

    @Test
    void refersWhoDoesNotWishItToAskForHim() throws Exception {
        second(Targets.ANY, enterprise.node.site());

        assertThat(code(ask(DELEGATED + "/pump", NO_RECURSION))).isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
    }

    @Test
    void remembersAnswersAndThatThereIsNone() throws Exception {
        second(Targets.ANY, enterprise.node.site());
        ask(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST);
        ask(DELEGATED + "/none", OpFlags.DEFAULT_REQUEST);
        double before = enterpriseRequests();

        ClientCodec.Answer url = ask(DELEGATED + "/PUMP", OpFlags.DEFAULT_REQUEST, "url");
        ClientCodec.Answer other = ask(DELEGATED + "/PUMP", OpFlags.DEFAULT_REQUEST, "EMAIL");
        ClientCodec.Answer none = ask(DELEGATED + "/NONE", OpFlags.DEFAULT_REQUEST);

        assertThat(url.values()).extracting(HandleValue::index).containsExactly(1);
        assertThat(code(other)).isEqualTo(ResponseCode.VALUES_NOT_FOUND.code());
        assertThat(code(none)).isEqualTo(ResponseCode.HANDLE_NOT_FOUND.code());
        assertThat(enterpriseRequests()).isEqualTo(before);
        assertThat(passedOn("cached")).isEqualTo(3);
    }

    @Test
    void asksAgainWhenAnAuthoritativeAnswerIsWanted() throws Exception {
        second(Targets.ANY, enterprise.node.site());
        enterprise.put(DELEGATED + "/AGAIN", HandleValue.text(1, "URL", "https://old.example", 0));
        ask(DELEGATED + "/again", OpFlags.DEFAULT_REQUEST);
        enterprise.put(DELEGATED + "/AGAIN", HandleValue.text(1, "URL", "https://new.example", 0));

        ClientCodec.Answer fresh = ask(DELEGATED + "/again", OpFlags.DEFAULT_REQUEST | OpFlags.AUTHORITATIVE);
        ClientCodec.Answer after = ask(DELEGATED + "/again", OpFlags.DEFAULT_REQUEST);

        assertThat(fresh.values().get(0).dataText()).isEqualTo("https://new.example");
        assertThat(after.values().get(0).dataText()).isEqualTo("https://new.example");
    }

    @Test
    void doesNotRememberWhatMayNotBe() throws Exception {
        second(Targets.ANY, enterprise.node.site());
        HandleValue now = HandleValue.text(1, "URL", "https://now.example", 0);
        enterprise.put(
                DELEGATED + "/NOW",
                new HandleValue(1, "URL", now.data(), new TimeToLive(false, 0), 0, now.permissions(), List.of()));
        ask(DELEGATED + "/NOW", OpFlags.DEFAULT_REQUEST);
        double before = enterpriseRequests();

        ask(DELEGATED + "/NOW", OpFlags.DEFAULT_REQUEST);

        assertThat(enterpriseRequests()).isGreaterThan(before);
    }

    @Test
    void asksOnAConnectionForAnswersTooLongForDatagrams() throws Exception {
        second(Targets.ANY, enterprise.node.site());
        enterprise.put(DELEGATED + "/LONG", HandleValue.text(1, "TEXT", "x".repeat(1500), 0));
        enterprise.put(DELEGATED + "/HUGE", HandleValue.text(1, "TEXT", "y".repeat(200_000), 0));

        assertThat(ask(DELEGATED + "/LONG", OpFlags.DEFAULT_REQUEST)
                        .values()
                        .get(0)
                        .data())
                .hasSize(1500);
        assertThat(ask(DELEGATED + "/HUGE", OpFlags.DEFAULT_REQUEST)
                        .values()
                        .get(0)
                        .data())
                .hasSize(200_000);
    }

    @Test
    void signsInItsOwnNameIfACacheMayElseRefers() throws Exception {
        second(Targets.ANY, enterprise.node.site());
        HandleResolver client = OfflineResolver.create();
        net.handle.hdllib.SiteInfo own = Encoder.decodeSiteInfoRecord(SiteInfoCodec.encode(harness.node.site()), 0);
        ResolutionRequest request =
                new ResolutionRequest(Util.encodeString(DELEGATED + "/pump"), new byte[0][], new int[0], null);
        request.certify = true;

        AbstractResponse response = client.sendRequestToSite(request, own, net.handle.hdllib.Interface.SP_HDL_TCP);

        assertThat(response.responseCode).isEqualTo(AbstractMessage.RC_SUCCESS);
        assertThat(((ResolutionResponse) response).getHandleValues()).hasSize(2);
        int strict = OpFlags.RECURSIVE | OpFlags.PUBLIC_ONLY | OpFlags.CERTIFIED;
        assertThat(code(ask(DELEGATED + "/pump", strict))).isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
    }

    @Test
    void answersOverHttpToo() throws Exception {
        second(Targets.ANY, enterprise.node.site());

        HttpResponse<String> json = get("/api/handles/" + DELEGATED + "/pump");
        HttpResponse<String> redirect = get("/" + DELEGATED + "/pump");
        HttpResponse<String> none = get("/api/handles/" + DELEGATED + "/none");

        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(json.body()).contains("https://pump.example/9");
        assertThat(redirect.headers().firstValue("location")).contains("https://pump.example/9");
        assertThat(none.statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(harness.http(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void talksToNoPrivateAddressUnlessAllowed() throws Exception {
        second(Targets.PUBLIC, enterprise.node.site());
        double before = enterpriseRequests();

        assertThat(code(ask(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST)))
                .isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
        assertThat(enterpriseRequests()).isEqualTo(before);
        assertThat(passedOn("no_address")).isEqualTo(1);
    }

    @Test
    void questionPassedOnTooOftenGoesNoFurther() throws Exception {
        second(Targets.ANY, enterprise.node.site());

        ClientCodec.Answer answer = exchange(request(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST, 4));

        assertThat(code(answer)).isEqualTo(ResponseCode.RECURSION_COUNT_TOO_HIGH.code());
    }

    @Test
    void nodesThatDelegateToEachOtherDoNotAskForEver() throws Exception {
        try (NodeHarness other =
                new NodeHarness(Files.createDirectory(directory.resolve("other")), asking(Targets.ANY))) {
            second(Targets.ANY, other.node.site());
            delegate(other, harness.node.site());

            ClientCodec.Answer answer = ask(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST);

            // either the count ran out, or the question met itself on its way and was referred
            assertThat(code(answer))
                    .isIn(ResponseCode.RECURSION_COUNT_TOO_HIGH.code(), ResponseCode.SERVICE_REFERRAL.code());
            assertThat(other.count("waymark.resolver.upstream.requests")).isLessThan(20);
        }
    }

    // --- upstreams that misbehave

    /** An upstream on datagrams that answers what it is told to. */
    private static final class FakeUpstream implements AutoCloseable {
        final DatagramSocket socket;
        final AtomicInteger received = new AtomicInteger();

        FakeUpstream(UnaryOperator<byte[]> answer) {
            try {
                socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (SocketException e) {
                throw new UncheckedIOException(e);
            }
            Thread thread = new Thread(() -> serve(answer), "fake-upstream");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(UnaryOperator<byte[]> answer) {
            byte[] buffer = new byte[2048];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    received.incrementAndGet();
                    byte[] reply = answer.apply(Arrays.copyOf(buffer, packet.getLength()));
                    if (reply.length > 0) {
                        socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        SiteInfo site() {
            return RecursionIT.site(socket.getLocalPort(), 0);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void localAnswersAndMissesComeWhileAnUpstreamIsSilent() throws Exception {
        try (FakeUpstream blackHole = new FakeUpstream(request -> new byte[0])) {
            second(Targets.ANY, blackHole.site());
            int hanging = 60; // a connection takes 64 before it waits
            try (Socket socket = new Socket()) {
                socket.connect(harness.node.handleTcpAddress());
                socket.setSoTimeout((int) PATIENCE.toMillis());
                for (int i = 0; i < hanging; i++) {
                    socket.getOutputStream().write(request(DELEGATED + "/H" + i, OpFlags.DEFAULT_REQUEST, 0));
                }
                await().atMost(PATIENCE).until(() -> blackHole.received.get() >= 1);

                int answeredMeanwhile = 0;
                while (harness.metrics
                                        .get("waymark.resolver.upstream.inflight")
                                        .gauge()
                                        .value()
                                > 0
                        && answeredMeanwhile < 200) {
                    assertThat(code(ask("88.118.8/ABC123", OpFlags.DEFAULT_REQUEST)))
                            .isEqualTo(1);
                    assertThat(code(ask("88.118.8/none", OpFlags.DEFAULT_REQUEST)))
                            .isEqualTo(100);
                    answeredMeanwhile++;
                }
                assertThat(answeredMeanwhile)
                        .as("local answers while %d questions hang", hanging)
                        .isGreaterThan(3);

                DataInputStream in = new DataInputStream(socket.getInputStream());
                for (int i = 0; i < hanging; i++) {
                    assertThat(code(read(in))).isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
                }
            }
            assertThat(harness.metrics
                            .get("waymark.resolver.upstream.breakers")
                            .gauge()
                            .value())
                    .isEqualTo(1);

            int before = blackHole.received.get();
            ClientCodec.Answer next = ask(DELEGATED + "/AFTER", OpFlags.DEFAULT_REQUEST | OpFlags.NO_REFERRAL);

            assertThat(code(next)).isEqualTo(ResponseCode.SERVER_TOO_BUSY.code());
            assertThat(blackHole.received.get()).as("left alone").isEqualTo(before);
            assertThat(passedOn("breaker_open")).isGreaterThan(0);
        }
    }

    @Test
    void theSameQuestionIsAskedOnceForMany() throws Exception {
        try (FakeUpstream blackHole = new FakeUpstream(request -> new byte[0]);
                Socket socket = new Socket()) {
            second(Targets.ANY, blackHole.site());
            socket.connect(harness.node.handleTcpAddress());
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream().write(request(DELEGATED + "/SAME", OpFlags.DEFAULT_REQUEST, 0));
            }
            socket.setSoTimeout((int) PATIENCE.toMillis());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 50; i++) {
                read(in);
            }

            assertThat(blackHole.received.get()).isEqualTo(2); // once, and once again
            assertThat(passedOn("joined")).isEqualTo(49);
        }
    }

    @Test
    void believesNoAnswerWithAnotherDigest() throws Exception {
        assertThat(codeWhenUpstreamAnswers(request -> answer(request, r -> r[EnvelopeCodec.BYTES + 19]++)))
                .isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
        assertThat(passedOn("malformed")).isEqualTo(1);
    }

    @Test
    void hearsNoAnswerToAnotherRequest() throws Exception {
        assertThat(codeWhenUpstreamAnswers(request -> {
                    byte[] forged = answer(request, r -> {});
                    forged[11]++;
                    return forged;
                }))
                .isEqualTo(ResponseCode.SERVICE_REFERRAL.code());
        assertThat(passedOn("timeout")).isEqualTo(1);
    }

    @Test
    void theseForgeriesDifferFromGoodAnswersInNothingElse() throws Exception {
        assertThat(codeWhenUpstreamAnswers(request -> answer(request, r -> {})))
                .isEqualTo(ResponseCode.HANDLE_NOT_FOUND.code());
    }

    private int codeWhenUpstreamAnswers(UnaryOperator<byte[]> upstream) throws Exception {
        try (FakeUpstream fake = new FakeUpstream(upstream)) {
            second(Targets.ANY, fake.site());
            return code(ask(DELEGATED + "/pump", OpFlags.DEFAULT_REQUEST));
        }
    }

    private interface Change {
        void make(byte[] request);
    }

    /** "Not found", in octets, with the digest of the request after a change. */
    private static byte[] answer(byte[] request, Change change) {
        byte[] digested = request.clone();
        change.make(digested);
        byte[] digest = io.waymark.resolver.wire.RequestDigest.prefix(
                io.waymark.resolver.message.ProtocolVersion.NEWEST,
                Arrays.copyOfRange(digested, EnvelopeCodec.BYTES, request.length - 4));
        int bodyLength = digest.length + 4;
        ByteBuffer out = ByteBuffer.allocate(EnvelopeCodec.BYTES + 24 + bodyLength + 4);
        out.put(request, 0, 16).putInt(24 + bodyLength + 4);
        out.putInt(1).putInt(100).putInt(OpFlags.DEFAULT_REQUEST | OpFlags.REQUEST_DIGEST);
        out.putShort((short) 1).putShort((short) 0).putInt(Integer.MAX_VALUE).putInt(bodyLength);
        return out.put(digest).putInt(0).putInt(0).array();
    }
}
