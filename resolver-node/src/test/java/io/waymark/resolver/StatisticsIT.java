package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.statistics.DayCounts;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every door counts. */
class StatisticsIT {
    @TempDir
    Path directory;

    private static long count(NodeHarness harness, String row, Measure measure) {
        Statistics statistics = harness.node.statistics().orElseThrow();
        List<DayCounts> days = statistics.between(statistics.today().minusDays(1), statistics.today());
        return days.stream()
                .mapToLong(d -> d.count(row, measure.word()).orElse(0L))
                .sum();
    }

    @Test
    void everyDoorCountsResolutionsAndRegistrationsByPrefix() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory).withRecords()) {
            long created = count(harness, "88.118.8", Measure.CREATED);
            harness.put("88.118.8/NEW", HandleValue.text(1, "URL", NodeHarness.URL, 0));
            HandleClient client = new HandleClient();
            for (Transport transport : Transport.values()) {
                InetSocketAddress at =
                        transport == Transport.HTTP ? harness.node.httpAddress() : harness.node.handleUdpAddress();
                ask(client, transport, at, "88.118.8/abc123", List.of()); // in place
                ask(client, transport, at, "88.118.8/ABC123", List.of("URL")); // decoded
                ask(client, transport, at, "88.118.8/none", List.of());
                ask(client, transport, at, "10.1/none", List.of());
            }
            get(harness, "/api/handles/88.118.8/abc123");
            get(harness, "/88.118.8/abc123");
            get(harness, "/88.118.8/none");
            NodeHarness.done(harness.node.registrar().delete(new Handle("88.118.8/TEA.7")));
            harness.put("88.118.8/ABC123", HandleValue.text(1, "URL", NodeHarness.URL, 0));

            assertThat(count(harness, "88.118.8", Measure.FOUND)).isEqualTo(3 * 2 + 2);
            assertThat(count(harness, "88.118.8", Measure.NOT_FOUND)).isEqualTo(3 + 1);
            assertThat(count(harness, "(unknown)", Measure.REFUSED)).isEqualTo(3);
            assertThat(count(harness, "88.118.8", Measure.CREATED)).isEqualTo(created + 1);
            assertThat(count(harness, "88.118.8", Measure.REPLACED)).isEqualTo(1);
            assertThat(count(harness, "88.118.8", Measure.DELETED)).isEqualTo(1);
        }
    }

    @Test
    void countsAreThereAfterARestart() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory).withRecords()) {
            ask(new HandleClient(), Transport.UDP, harness.node.handleUdpAddress(), "88.118.8/ABC123", List.of());
        }
        try (NodeHarness harness = new NodeHarness(directory)) {
            assertThat(count(harness, "88.118.8", Measure.FOUND)).isEqualTo(1);
        }
    }

    @Test
    void everyDoorTellsWhereRequestsComeFrom() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory).withRecords()) {
            HandleClient client = new HandleClient();
            for (Transport transport : Transport.values()) {
                InetSocketAddress at =
                        transport == Transport.HTTP ? harness.node.httpAddress() : harness.node.handleUdpAddress();
                long before = fromLoopback(harness);
                for (int n = 0; n < 80; n++) {
                    ask(client, transport, at, "88.118.8/abc123", List.of());
                }

                // of each datagram socket the last handful may not be told yet
                await().atMost(Duration.ofSeconds(20)).until(() -> fromLoopback(harness) - before >= 80 - 4 * 15);
                assertThat(fromLoopback(harness) - before).as("%s", transport).isLessThanOrEqualTo(80 + 4 * 15);
            }
        }
    }

    private static long fromLoopback(NodeHarness harness) {
        Statistics statistics = harness.node.statistics().orElseThrow();
        return statistics.sources().between(statistics.today().minusDays(1), statistics.today()).stream()
                .mapToLong(d -> d.count("127.0.0.0/24", "requests").orElse(0L))
                .sum();
    }

    private static void ask(
            HandleClient client, Transport transport, InetSocketAddress at, String handle, List<String> types)
            throws Exception {
        client.resolve(transport, at, handle, types, new int[0], Duration.ofSeconds(10));
    }

    private static void get(NodeHarness harness, String path) throws Exception {
        HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(harness.http(path)).build(), HttpResponse.BodyHandlers.discarding());
    }
}
