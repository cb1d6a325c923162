package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.platform.ServeProcess;
import io.waymark.testing.FixedPort;
import io.waymark.testing.Http;
import io.waymark.testing.kafka.CommittedTopic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole node dies by SIGKILL again and again while records are created, changed and removed over REST and the Handle
 * protocol; afterwards the store, its history and the feed say what was answered, once and in order.
 *
 * <p>{@code -Dwaymark.registration.rounds=N} kills more often or less, {@code -Dwaymark.registration.seed=N} at the same moments
 * again.
 */
class RegistrationCrashIT {
    static final String PREFIX = "88.118.9";
    private static final int ROUNDS = Integer.getInteger("waymark.registration.rounds", 3);
    private static final long SEED = Long.getLong("waymark.registration.seed", System.nanoTime());
    private static final String SECRET = "the plant's secret";
    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RUNNING_MILLIS_MAX = 1_200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(SEED);
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Registering> clients = new ArrayList<>();
    private final HttpClient http = Http.client();

    @TempDir
    Path dir;

    @Test
    void whatWasAnsweredIsThereInTheHistoryAndInTheFeedExactlyOnce() throws Exception {
        System.out.println("RegistrationCrashIT: seed " + SEED + ", " + ROUNDS + " kills");
        Map<String, String> settings = Map.of(
                "services",
                "kafka, resolver, http",
                "resolver.handle.port",
                Integer.toString(FixedPort.choose()),
                "resolver.http.port",
                Integer.toString(FixedPort.choose()),
                "kafka.embedded.port",
                Integer.toString(FixedPort.choose()),
                "resolver.feed.retention",
                "3s",
                "resolver.feed.transaction-entries-max",
                "50");
        try {
            for (int round = 0; round < ROUNDS; round++) {
                try (ServeProcess serve = ServeProcess.start(dir, settings)) {
                    if (round == 0) {
                        startClients(serve);
                    }
                    killWhileRunning(serve);
                }
            }
            try (ServeProcess serve = ServeProcess.start(dir, settings)) {
                awaitProgress();
                for (Registering client : clients) {
                    client.finish();
                }
                awaitPublished(serve);
                judge(serve);
            }
        } finally {
            clients.forEach(Registering::close);
        }
    }

    private void startClients(ServeProcess serve) throws Exception {
        HttpResponse<String> homed = new NodeDoor(serve)
                .send("POST", "/api/v1/prefixes", "{\"prefix\":\"" + PREFIX + "\",\"secret\":\"" + SECRET + "\"}");
        assertThat(homed.statusCode()).as(homed.body()).isEqualTo(201);
        SiteInfo site = site(serve.address("resolver.http"));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(
                    i % 2 == 0
                            ? new RestRegistering("rest-" + i, SEED + i, serve.uri("resolver.http"), serve.token())
                            : new HandleRegistering("handle-" + i, SEED + i, site, SECRET));
        }
        clients.forEach(Registering::start);
    }

    private SiteInfo site(InetSocketAddress door) throws Exception {
        System.setProperty(
                "net.handle.configDir", dir.resolve("no-client-config").toString());
        HandleResolver client = new HandleResolver();
        client.getConfiguration().setAutoUpdateRootInfo(false);
        GenericRequest question = new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null);
        return ((GetSiteInfoResponse) client.sendHttpRequest(question, door.getAddress(), door.getPort())).siteInfo;
    }

    private void killWhileRunning(ServeProcess serve) throws InterruptedException {
        awaitProgress();
        assertThat(never.await(random.nextInt(RUNNING_MILLIS_MAX), TimeUnit.MILLISECONDS))
                .isFalse();
        serve.kill();
    }

    /** Everybody was answered something since now. */
    private void awaitProgress() {
        Map<Registering, Integer> before = new HashMap<>();
        clients.forEach(client -> before.put(client, client.answered()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(clients)
                        .allMatch(client -> client.answered() > before.getOrDefault(client, 0), "makes progress"));
    }

    private static void awaitPublished(ServeProcess serve) {
        NodeDoor door = new NodeDoor(serve);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> door.metric("waymark_resolver_feed_state", "state=\"forwarding\"") == 1
                        && door.metric("waymark_resolver_feed_lag_entries") == 0);
    }

    private void judge(ServeProcess serve) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> told = new ArrayList<>(
                CommittedTopic.read(serve.listeners().path("kafka").asText(), "waymark.identifiers"));
        told.sort(Comparator.comparingLong(RegistrationCrashIT::sequence));
        eachNumberOnce(told);
        Map<String, List<String>> feed = traces(told);
        long answered = 0;
        long open = 0;
        for (Registering client : clients) {
            assertThat(client.refusals()).as("refusals").allMatch(HandleRegistering::isAboutTheRestart);
            for (Map.Entry<String, List<Deed>> record : client.deeds().entrySet()) {
                List<String> published = feed.getOrDefault(record.getKey(), List.of());
                asAnswered(record.getKey(), record.getValue(), published);
                assertThat(history(serve, record.getKey()))
                        .as("history of " + record.getKey())
                        .isEqualTo(published);
                assertThat(content(serve, record.getKey())).as(record.getKey()).isEqualTo(last(published));
                answered += record.getValue().stream().filter(Deed::answered).count();
                open += endedInSilence(record.getValue()) ? 1 : 0;
            }
        }
        System.out.println("RegistrationCrashIT: " + answered + " changes answered, " + open + " open at the kills, "
                + told.size() + " told");
        assertThat(answered).isPositive();
        assertThat(open).as("kills that hit changes under way").isPositive();
    }

    /** Numbers from 1 on without gaps, of one epoch, and in a partition only growing. */
    private static void eachNumberOnce(List<ConsumerRecord<byte[], byte[]>> told) {
        Set<String> epochs = new HashSet<>();
        Map<Integer, Long> lastOffset = new HashMap<>();
        for (int i = 0; i < told.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = told.get(i);
            assertThat(sequence(record)).as("number " + (i + 1)).isEqualTo(i + 1);
            String id = CommittedTopic.required(record, "ce_id");
            epochs.add(id.substring(0, id.lastIndexOf('-')));
            Long before = lastOffset.put(record.partition(), record.offset());
            assertThat(record.offset()).as("order of " + id).isGreaterThan(before == null ? -1 : before);
        }
        assertThat(epochs).hasSize(1);
    }

    /** All that was answered, in order; and, or not, what was open at the end. */
    private static void asAnswered(String handle, List<Deed> deeds, List<String> published) {
        List<String> answered =
                deeds.stream().filter(Deed::answered).map(Deed::trace).toList();
        List<String> all = deeds.stream().map(Deed::trace).toList();
        assertThat(published).as("feed of " + handle).isIn(answered, all);
    }

    /** Hit while it was being changed; a first change without answer may have found nobody at all. */
    private static boolean endedInSilence(List<Deed> deeds) {
        return deeds.size() > 1 && !deeds.get(deeds.size() - 1).answered();
    }

    private static Map<String, List<String>> traces(List<ConsumerRecord<byte[], byte[]>> told) throws IOException {
        Map<String, List<String>> traces = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : told) {
            String type = CommittedTopic.required(record, "ce_type");
            String text = record.value() == null
                    ? ""
                    : JSON.readTree(record.value()).at("/values/0/data/value").asText();
            traces.computeIfAbsent(
                            CommittedTopic.required(record, "ce_subject").toLowerCase(java.util.Locale.ROOT),
                            k -> new ArrayList<>())
                    .add(type.substring(type.lastIndexOf('.') + 1) + " " + text);
        }
        return traces;
    }

    private List<String> history(ServeProcess serve, String handle) throws Exception {
        HttpResponse<String> answer = get(serve, "/api/history/" + handle);
        List<String> traces = new ArrayList<>();
        for (JsonNode version : JSON.readTree(answer.body()).path("versions")) {
            traces.add(version.path("action").asText() + " "
                    + version.at("/values/0/data/value").asText());
        }
        Collections.reverse(traces);
        return traces;
    }

    /** What the record says; empty if there is none. */
    private String content(ServeProcess serve, String handle) throws Exception {
        HttpResponse<String> answer = get(serve, "/api/handles/" + handle);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 404);
        return JSON.readTree(answer.body()).at("/values/0/data/value").asText();
    }

    private HttpResponse<String> get(ServeProcess serve, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(serve.uri("resolver.http") + path))
                .header("Authorization", "Bearer " + serve.token())
                .build();
        return http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static String last(List<String> published) {
        String trace = published.isEmpty() ? "" : published.get(published.size() - 1);
        return trace.substring(trace.indexOf(' ') + 1);
    }

    private static long sequence(ConsumerRecord<byte[], byte[]> record) {
        return Long.parseLong(CommittedTopic.required(record, "wm_seq"));
    }
}
