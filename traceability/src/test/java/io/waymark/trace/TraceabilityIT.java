package io.waymark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.testing.Http;
import io.waymark.testing.kafka.EmbeddedKafka;
import io.waymark.trace.TraceConfig.ReadPointRule;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The service as platform runs it: a real broker, real stores, real HTTP. The steps are one story, told in order. */
@SuppressWarnings("NullAway.Init") // set before the first step
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TraceabilityIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TAG = "3066C4409047E14000001A85";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;
    private static Traceability traceability;
    private static Server http;
    private static int sent;

    @BeforeAll
    static void startWithoutTopics() throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        startTraceability();
    }

    @AfterAll
    static void stop() {
        http.close();
        traceability.close();
        kafka.close();
    }

    private static void startTraceability() {
        TraceConfig config = new TraceConfig(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                "waymark-trace",
                directory.resolve("state"),
                TraceConfig.Topics.defaults(),
                List.of(new ReadPointRule(
                        "factory/packing/#",
                        "https://id.gs1.org/414/6901234500011",
                        "",
                        "packing",
                        "in_progress",
                        "OBSERVE")));
        traceability = Traceability.start(config, new SimpleMeterRegistry(), Clock.systemUTC());
        http = Server.builder()
                .http(0)
                .annotatedService(traceability.httpService())
                .build();
        http.start().join();
    }

    private static void publish(String device, String topic, String payload) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>("waymark.telemetry", device, payload);
            record.headers().add("ce_id", ("gw-1-1-" + sent++).getBytes(StandardCharsets.UTF_8));
            record.headers().add("ce_subject", topic.getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }
    }

    private static HttpResponse<String> get(String pathAndQuery) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + http.activeLocalPort() + pathAndQuery);
        return Http.client().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static JsonNode eventually(String pathAndQuery, int count) {
        return await().atMost(SOON)
                .until(
                        () -> JSON.readTree(get(pathAndQuery).body()),
                        body -> body.path("count").asInt(-1) == count);
    }

    @Test
    @Order(1)
    void waitsForTopicsAndSaysSo() throws Exception {
        assertThat(traceability.isReady()).isFalse();
        assertThat(traceability.state()).isEqualTo("WAITING");
        HttpResponse<String> refused = get("/trace/" + TAG);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(refused.body()).path("error").asText()).isEqualTo("not_ready");

        Topics.create(kafka.bootstrap());
        await().atMost(SOON).until(traceability::isReady);
    }

    @Test
    @Order(2)
    void messageOnTelemetryBecomesTimelineOverHttp() throws Exception {
        publish("rfid-tunnel-1", "factory/packing/tunnel", """
                {"timestamp":"2026-11-22T07:00:00Z","hostname":"impinj-14-46-36","eventType":"tagInventory",
                 "tagInventoryEvent":{"epcHex":"%s","antennaPort":1,"peakRssiCdbm":-5234}}""".formatted(TAG));

        JsonNode body = eventually("/trace/" + TAG, 1);
        assertThat(body.path("code").asText()).isEqualTo(TAG);
        assertThat(body.path("identifier").asText()).isEqualTo("https://id.gs1.org/01/09506000134352/21/6789");
        assertThat(body.path("scheme").asText()).isEqualTo("GS1");
        assertThat(body.path("fields").isEmpty()).isFalse();
        assertThat(body.path("truncated").asBoolean()).isFalse();
        JsonNode event = body.path("events").get(0);
        assertThat(event.path("bizStep").asText()).isEqualTo("packing");
        assertThat(event.path("device").asText()).isEqualTo("rfid-tunnel-1");
        assertThat(event.at("/source/topic").asText()).isEqualTo("factory/packing/tunnel");
        assertThat(event.at("/source/ce_id").asText()).isEqualTo("gw-1-1-0");
    }

    @Test
    @Order(3)
    void pathMayBeRawOrPercentEncoded() throws Exception {
        publish("scanner", "x", """
                {"code":"88.118.8/ABC/123","time":"2026-11-22T07:00:00Z"}""");

        eventually("/trace/88.118.8/ABC/123", 1);
        assertThat(JSON.readTree(get("/trace/88.118.8%2FABC%2F123").body())
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        assertThat(JSON.readTree(get("/trace?code=88.118.8/abc/123&limit=5").body())
                        .path("count")
                        .asInt())
                .isEqualTo(1);
        String link = "https://example.com/01/09506000134352/21/6789?17=271231";
        for (String path : List.of(
                "/trace/" + URLEncoder.encode(link, StandardCharsets.UTF_8),
                "/trace/https://example.com/01/09506000134352/21/6789",
                "/trace?code=" + URLEncoder.encode(link, StandardCharsets.UTF_8),
                "/trace/(01)09506000134352(21)6789?limit=3")) {
            assertThat(JSON.readTree(get(path).body()).path("count").asInt(-1))
                    .as(path)
                    .isEqualTo(1);
        }
    }

    @Test
    @Order(4)
    void refusesWhatItCannotAnswer() throws Exception {
        HttpResponse<String> unrecognised = get("/trace/(01)09506000134350");
        assertThat(unrecognised.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(unrecognised.body()).path("error").asText()).isEqualTo("unrecognised_code");
        assertThat(JSON.readTree(unrecognised.body()).path("message").asText()).contains("check digit");
        for (String limit : List.of("0", "10001", "many", "")) {
            HttpResponse<String> refused = get("/trace/" + TAG + "?limit=" + limit);
            assertThat(refused.statusCode()).as("limit=" + limit).isEqualTo(400);
            assertThat(JSON.readTree(refused.body()).path("error").asText()).isEqualTo("bad_limit");
        }
        assertThat(get("/trace").statusCode()).isEqualTo(400);
        HttpResponse<String> unknown = get("/trace/88.118.8/NEVER-SEEN");
        assertThat(unknown.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(unknown.body()).path("events").isEmpty()).isTrue();
    }

    @Test
    @Order(5)
    void closesQuicklyAndGoesOnWhereItStopped() throws Exception {
        http.close();
        long start = System.nanoTime();
        traceability.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(traceability.state()).isEqualTo("CLOSED");

        publish("rfid-tunnel-1", "shop", """
                {"epc":"%s","time":"2026-11-22T07:30:00Z"}""".formatted(TAG));
        startTraceability();

        JsonNode body = eventually("/trace/" + TAG, 2);
        assertThat(body.at("/events/0/eventTime").asText()).isEqualTo("2026-11-22T07:00:00.000Z");
        assertThat(body.at("/events/1/eventTime").asText()).isEqualTo("2026-11-22T07:30:00.000Z");
        assertThat(Topics.eventIds(kafka.bootstrap())).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    @Order(6)
    void survivesARestartOfKafka() throws Exception {
        kafka.stopBroker();
        kafka.startBroker();

        publish("rfid-tunnel-1", "shop", """
                {"epc":"%s","time":"2026-11-22T07:45:00Z"}""".formatted(TAG));
        eventually("/trace/" + TAG, 3);
        assertThat(Topics.eventIds(kafka.bootstrap())).hasSize(4).doesNotHaveDuplicates();
    }
}
