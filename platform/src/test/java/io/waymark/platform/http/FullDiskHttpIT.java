package io.waymark.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.testing.Http;
import io.waymark.testing.SmallDisk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages over HTTP while the spool's disk, a small tmpfs, is full. Where none may be mounted it is skipped. */
class FullDiskHttpIT {
    private static final int REFUSED = 20;
    private static final HttpClient CLIENT = Http.client();

    @TempDir
    Path directory;

    private int number;

    /** The next three messages in one request. */
    private HttpRequest next(DeviceNode node, String key) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 3; i++) {
            lines.append("\"")
                    .append(++number)
                    .append(":")
                    .append("x".repeat(8_000))
                    .append("\"\n");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/ingest/reader-1"))
                .header("Authorization", "Bearer " + DeviceNode.TOKEN)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines.toString()));
        return key.isEmpty()
                ? request.build()
                : request.header("Idempotency-Key", key).build();
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static void assertToldToComeAgain(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(answer.body()).contains("\"error\":\"spool_full\"", "try again");
    }

    /** Also where the spool keeps something in reserve, and none of its writes fails. */
    @ParameterizedTest
    @ValueSource(longs = {0, SpoolConfig.DISK_RESERVE})
    void aRequestIsRefusedWholeWithATimeToComeAgainAndTakenWhenThereIsRoom(long reserve) throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(directory, 64)) {
            List<String> accepted = fillAndMakeRoom(disk, reserve);
            List<String> found = spooled();
            System.err.println("full disk, HTTP: sent " + number + ", acknowledged " + accepted.size() + ", found "
                    + found.size());
            assertThat(found).isEqualTo(accepted);
        }
    }

    /** What was acknowledged. */
    private List<String> fillAndMakeRoom(SmallDisk disk, long reserve) throws Exception {
        List<String> accepted = new ArrayList<>();
        SpoolConfig d = SpoolConfig.defaults(directory.resolve("spool"));
        SpoolConfig config =
                new SpoolConfig(d.directory(), d.bytesMax(), d.queueMax(), d.batchMax(), d.retention(), reserve);
        try (DeviceNode node = DeviceNode.open(directory, config)) {
            take(send(next(node, "")), accepted);
            disk.fill();
            HttpResponse<String> answer = send(next(node, ""));
            while (answer.statusCode() == 202) {
                take(answer, accepted);
                answer = send(next(node, ""));
            }
            assertToldToComeAgain(answer);
            for (int i = 0; i < REFUSED; i++) {
                assertToldToComeAgain(send(next(node, "")));
            }
            HttpRequest keyed = next(node, "once");
            assertToldToComeAgain(send(keyed));
            disk.makeRoom();
            List<HttpResponse<String>> answers = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                answers.add(send(keyed));
                return answers.get(answers.size() - 1).statusCode() == 202;
            });
            take(answers.get(answers.size() - 1), accepted);
            HttpResponse<String> again = send(keyed);
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            take(send(next(node, "")), accepted);
        }
        return accepted;
    }

    private void take(HttpResponse<String> answer, List<String> accepted) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        for (int i = 2; i >= 0; i--) {
            accepted.add(Integer.toString(number - i));
        }
    }

    /** What lies on the disk, as a restart finds it. */
    private List<String> spooled() {
        try (Spool spool = Spool.open(SpoolConfig.defaults(directory.resolve("spool")), new SimpleMeterRegistry())) {
            return spool.read(1, Integer.MAX_VALUE, Long.MAX_VALUE).stream()
                    .map(entry -> new String(entry.message().payload(), UTF_8).replaceAll("[\"x:]", ""))
                    .toList();
        }
    }
}
