package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.upstream.SignaturePolicy;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What another node answers counts if the key in its site record signed it. */
@Timeout(60)
class RecursionSignatureIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "88.118.9";

    @TempDir
    static Path directory;

    private static NodeHarness enterprise;
    private static NodeHarness asking;

    @BeforeAll
    static void start() throws IOException {
        enterprise = new NodeHarness(Files.createDirectory(directory.resolve("enterprise")));
        NodeHarness.done(enterprise.node.registrar().homePrefix(PREFIX, new byte[] {1}));
        for (String name : List.of("GOOD", "KEYLESS", "STRICT", "LAX", "WRONG", "GARBLED", "CHANGED", "STRIPPED")) {
            enterprise.put(PREFIX + '/' + name, HandleValue.text(1, "URL", "https://pump.example/9", 0));
        }
        asking = node(SignaturePolicy.KEYED);
    }

    private static NodeHarness node(SignaturePolicy policy) throws IOException {
        return new NodeHarness(
                        Files.createTempDirectory(directory, policy.name()),
                        Delegations.asking(policy, Set.of(), Duration.ofSeconds(10)))
                .withRecords();
    }

    @AfterAll
    static void stop() {
        asking.close();
        enterprise.close();
    }

    private static SiteInfo site() {
        return enterprise.node.site();
    }

    private static byte[] key() {
        return site().servers().get(0).publicKey();
    }

    private static byte[] strangersKey() {
        return NodeKey.loadOrCreate(directory.resolve("stranger")).publicKey();
    }

    /** 200 if the answer was believed, 300 if the client is told to ask himself. */
    private static int resolve(NodeHarness node, SiteInfo site, String name) throws Exception {
        Delegations.delegate(node, PREFIX, site);
        HttpRequest request = HttpRequest.newBuilder(node.http("/api/handles/" + PREFIX + '/' + name))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.path("responseCode").asInt()).isIn(1, 302);
        return answer.statusCode();
    }

    private static double passedOn(NodeHarness node, String outcome) {
        return node.count("waymark.resolver.upstream.requests", "outcome", outcome);
    }

    @Test
    void believesWhatTheSitesKeySigned() throws Exception {
        double before = passedOn(asking, "answered");

        assertThat(resolve(asking, site(), "GOOD")).isEqualTo(200);
        assertThat(passedOn(asking, "answered")).isEqualTo(before + 1);
    }

    @Test
    void believesNothingAnotherKeySigned() throws Exception {
        double before = passedOn(asking, "unsigned");

        assertThat(resolve(asking, Delegations.keyed(site(), strangersKey()), "WRONG"))
                .isEqualTo(300);
        assertThat(passedOn(asking, "unsigned")).isEqualTo(before + 1);
    }

    @Test
    void aKeyThatCannotBeReadIsNoReasonToBelieveAnybody() throws Exception {
        double before = passedOn(asking, "no_address");

        assertThat(resolve(asking, Delegations.keyed(site(), new byte[] {1, 2, 3}), "GARBLED"))
                .isEqualTo(300);
        assertThat(passedOn(asking, "no_address")).isEqualTo(before + 1);
    }

    @Test
    void aSiteWithoutAKeyIsBelievedUnlessSignaturesAreRequired() throws Exception {
        SiteInfo keyless = Delegations.keyed(site(), new byte[0]);

        assertThat(resolve(asking, keyless, "KEYLESS")).isEqualTo(200);
        try (NodeHarness strict = node(SignaturePolicy.REQUIRED)) {
            assertThat(resolve(strict, keyless, "KEYLESS")).isEqualTo(300);
            assertThat(resolve(strict, site(), "STRICT")).isEqualTo(200);
        }
    }

    @Test
    void keysDoNotMatterWhereSignaturesAreIgnored() throws Exception {
        try (NodeHarness lax = node(SignaturePolicy.IGNORED)) {
            assertThat(resolve(lax, Delegations.keyed(site(), strangersKey()), "LAX"))
                    .isEqualTo(200);
        }
    }

    @Test
    void anAnswerChangedOnTheWayIsNotBelieved() throws Exception {
        assertThat(throughWire(
                        frame -> {
                            int at = indexOf(frame, "pump.example");
                            frame[at] = 'd'; // dump.example
                            return frame;
                        },
                        "CHANGED"))
                .isEqualTo(300);
    }

    @Test
    void anAnswerWhoseSignatureWasTakenOffIsNotBelieved() throws Exception {
        assertThat(throughWire(RecursionSignatureIT::withoutCredential, "STRIPPED"))
                .isEqualTo(300);
    }

    @Test
    void theWireItselfChangesNothing() throws Exception {
        assertThat(throughWire(frame -> frame, "GOOD")).isEqualTo(200);
    }

    private static int indexOf(byte[] frame, String text) {
        return new String(frame, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
    }

    private static byte[] withoutCredential(byte[] frame) {
        int body = ByteBuffer.wrap(frame).getInt(20 + 20);
        byte[] bare = Arrays.copyOf(frame, 20 + 24 + body + 4);
        ByteBuffer.wrap(bare).putInt(16, 24 + body + 4).putInt(20 + 24 + body, 0);
        return bare;
    }

    /** Somebody on the way to the enterprise changes its answers; its own key is in the delegation. */
    private static int throughWire(UnaryOperator<byte[]> change, String name) throws Exception {
        try (ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> pass(door, enterprise.node.handleTcpAddress(), change), "wire");
            thread.setDaemon(true);
            thread.start();
            Interface tcp = new Interface(Service.QUERY, Protocol.TCP, door.getLocalPort());
            Server server = Server.at(1, InetAddress.getLoopbackAddress(), key(), List.of(tcp));
            return resolve(
                    asking,
                    new SiteInfo(1, 2, 11, 1, true, false, HashOption.WHOLE_HANDLE, List.of(), List.of(server)),
                    name);
        }
    }

    private static void pass(ServerSocket door, InetSocketAddress to, UnaryOperator<byte[]> change) {
        while (true) {
            try (Socket client = door.accept();
                    Socket server = new Socket(to.getAddress(), to.getPort())) {
                server.getOutputStream().write(frame(client));
                client.getOutputStream().write(change.apply(frame(server)));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static byte[] frame(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] envelope = in.readNBytes(20);
        byte[] message = in.readNBytes(ByteBuffer.wrap(envelope).getInt(16));
        return ByteBuffer.allocate(20 + message.length)
                .put(envelope)
                .put(message)
                .array();
    }
}
