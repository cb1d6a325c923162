package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.Interface;
import net.handle.hdllib.ListHandlesRequest;
import net.handle.hdllib.ListHandlesResponse;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prefix of more handles than fit a memory is listed all the same, message by message and page by page. */
@Timeout(120)
class LongListIT {
    private static final int HANDLES = 220_000;
    private static final int BATCH = 5_000;
    private static final String PADDING = "x".repeat(150);
    private static final int LIST_HANDLES = 105;
    private static final int CONTINUES = 0x0400_0000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness harness;

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
        for (int from = 0; from < HANDLES; from += BATCH) {
            List<RecordChange> changes = new ArrayList<>(BATCH);
            for (int n = from; n < from + BATCH; n++) {
                changes.add(new RecordChange.Put(
                        new Handle(name(n)), List.of(HandleValue.text(1, "N", "x", 0)), List.of()));
            }
            harness.records.apply(changes).join();
        }
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    /** Behind everything else under the prefix, in this order. */
    private static String name(int n) {
        return String.format("88.118.8/z%07d%s", n, PADDING);
    }

    /** Looks at the handles of a list as they come. */
    private static final class Judge {
        private final AtomicInteger expected = new AtomicInteger();

        void see(String name) {
            if (name.startsWith("88.118.8/z")) {
                assertThat(name).isEqualTo(name(expected.getAndIncrement()));
            }
        }

        void sawAll() {
            assertThat(expected).hasValue(HANDLES);
        }
    }

    // --- the binary protocol

    @ParameterizedTest
    @ValueSource(bytes = {Interface.SP_HDL_TCP, Interface.SP_HDL_HTTP})
    void theReferenceClientIsListedEveryHandleOnce(byte transport) throws Exception {
        HandleResolver client = OfflineResolver.create();
        client.setTcpTimeout(60_000);
        var http = harness.node.httpAddress();
        GenericRequest question = new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null);
        var site = ((GetSiteInfoResponse) client.sendHttpRequest(question, http.getAddress(), http.getPort())).siteInfo;
        Judge judge = new Judge();
        ListHandlesRequest request = new ListHandlesRequest(
                Util.encodeString("0.NA/88.118.8"),
                new SecretKeyAuthenticationInfo(
                        Util.encodeString("88.118.8/ADMIN"), 300, NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8)));

        AbstractResponse response = client.sendRequestToSite(request, site, transport, part -> {
            for (byte[] name : ((ListHandlesResponse) part).handles) {
                judge.see(Util.decodeString(name));
            }
        });

        assertThat(response.responseCode).isEqualTo(1);
        judge.sawAll();
    }

    @Test
    void whoDoesNotReadHoldsUpNothingButHisOwnList() throws Exception {
        try (IdPointerClient slow = loggedIn(7, 64 << 10);
                IdPointerClient other = new IdPointerClient(harness.node.handleTcpAddress())) {
            double before = messages();
            int id = slow.ask(7, LIST_HANDLES, IdPointerClient.DEFAULT, IdPointerClient.utf8("0.NA/88.118.8"));
            long madeOf = HANDLES / 500;
            double[] last = {-1};
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        double now = messages() - before;
                        boolean stands = now > 0 && now == last[0];
                        last[0] = now;
                        return stands;
                    });

            // what a connection's backlog holds, and the system's buffers of it
            assertThat(last[0]).isLessThan(madeOf / 2.0);
            assertThat(other.resolve(0, IdPointerClient.DEFAULT, "88.118.8/ABC123")
                            .responseCode())
                    .isEqualTo(1);
            Judge judge = new Judge();
            IdPointerClient.Answer part;
            do {
                part = slow.read();
                assertThat(part.requestId()).isEqualTo(id);
                assertThat(part.responseCode()).isEqualTo(1);
                names(part).forEach(judge::see);
            } while ((part.flags() & CONTINUES) != 0);
            judge.sawAll();
            assertThat(slow.resolve(7, IdPointerClient.DEFAULT, "88.118.8/ABC123")
                            .responseCode())
                    .isEqualTo(1);
        }
    }

    @Test
    void listsOfOneConnectionTakeTurnsAndOtherAnswersPassThem() throws Exception {
        try (IdPointerClient client = loggedIn(8, 0)) {
            byte[] prefix = IdPointerClient.utf8("0.NA/88.118.8");
            int first = client.ask(8, LIST_HANDLES, IdPointerClient.DEFAULT, prefix);
            int second = client.ask(8, LIST_HANDLES, IdPointerClient.DEFAULT, prefix);
            int resolution = client.ask(
                    8,
                    IdPointerClient.RESOLUTION,
                    IdPointerClient.DEFAULT,
                    IdPointerClient.join(
                            IdPointerClient.utf8("88.118.8/ABC123"), IdPointerClient.i4(0), IdPointerClient.i4(0)));
            Judge[] judges = {new Judge(), new Judge()};
            int ended = 0;
            boolean resolvedFirst = false;
            while (ended < 2) {
                IdPointerClient.Answer part = client.read();
                if (part.requestId() == resolution) {
                    resolvedFirst = ended == 0;
                    continue;
                }
                assertThat(part.requestId()).isIn(first, second);
                names(part).forEach(judges[part.requestId() == first ? 0 : 1]::see);
                ended += (part.flags() & CONTINUES) == 0 ? 1 : 0;
            }
            judges[0].sawAll();
            judges[1].sawAll();
            assertThat(resolvedFirst).isTrue();
        }
    }

    private static double messages() {
        return harness.count("waymark.resolver.requests", "transport", "tcp");
    }

    private static IdPointerClient loggedIn(int session, int receiveBytes) throws Exception {
        IdPointerClient client = new IdPointerClient(harness.node.handleTcpAddress(), receiveBytes);
        IdPointerClient.Answer login = client.logIn(session, "88.118.8/ADMIN", 300, "HS_SECKEY", LongListIT::proof);
        assertThat(login.responseCode()).isEqualTo(1);
        return client;
    }

    private static byte[] proof(byte[] nonceAndDigest) throws Exception {
        byte[] secret = NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(IdPointerClient.join(secret, nonceAndDigest, secret));
        return IdPointerClient.join(new byte[] {3}, digest.digest());
    }

    private static List<String> names(IdPointerClient.Answer part) {
        ByteBuffer in = ByteBuffer.wrap(part.content());
        List<String> names = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            byte[] name = new byte[in.getInt()];
            in.get(name);
            names.add(new String(name, StandardCharsets.UTF_8));
        }
        return names;
    }

    // --- JSON REST

    @Test
    void turnsPagesToTheEndOfTheList() throws Exception {
        Judge judge = new Judge();
        JsonNode page;
        int number = 0;
        int seen = 0;
        do {
            page = page(number++, 10_000);
            page.path("handles").forEach(name -> judge.see(name.asText()));
            seen += page.path("handles").size();
        } while (page.has("next"));

        judge.sawAll();
        assertThat(page.path("totalCount").asText()).isEqualTo(Integer.toString(seen));
        assertThat(page(3, 10_000).path("totalCountAtLeast").asLong()).isBetween(40_000L, (long) seen);
    }

    @Test
    void jumpsToAPageAndBeyondTheEnd() throws Exception {
        JsonNode far = page(199_999, 1);
        JsonNode next = page(200_000, 1);
        JsonNode beyond = page(1_000_000_000, 10_000);

        assertThat(far.path("handles")).hasSize(1);
        assertThat(next.path("handles").get(0).asText())
                .isGreaterThan(far.path("handles").get(0).asText());
        assertThat(beyond.path("handles")).isEmpty();
        assertThat(beyond.path("totalCount").asInt()).isGreaterThan(HANDLES);
        assertThat(beyond.has("next")).isFalse();
    }

    private static JsonNode page(int page, int size) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        harness.http("/api/handles?prefix=0.NA/88.118.8&page=" + page + "&pageSize=" + size))
                .header("Authorization", "Bearer " + NodeHarness.TOKEN)
                .timeout(Duration.ofSeconds(60))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
