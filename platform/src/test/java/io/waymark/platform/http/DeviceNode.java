package io.waymark.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.IngestGateway;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.identifier.Recognizer;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.testing.Http;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** The gateway and the HTTP door to it, over real stores; nobody forwards. */
public final class DeviceNode implements AutoCloseable {
    /** The operator's. */
    public static final String TOKEN = "right-token-right-token";

    /** Of devices that are {@link #register registered} here. */
    public static final String PASSWORD = "device-password";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = Http.client();

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Spool spool;
    private final DeviceStore store;
    private final IngestGateway gateway;
    private final HttpServer server;

    private DeviceNode(Path directory, SpoolConfig spoolConfig, Duration requestTimeout) throws IOException {
        Clock clock = Clock.systemUTC();
        spool = Spool.open(spoolConfig, metrics);
        store = DeviceStore.open(directory.resolve("devices"), metrics);
        GatewayConfig config = GatewayConfig.defaults("127.0.0.1:1")
                .withServer(server -> server.withMqtt(new ServerSettings.Listener(List.of("127.0.0.1"), 0)));
        gateway = IngestGateway.start(config, spool, store, metrics, clock);
        ApiParts.Fleet fleet =
                new ApiParts.Fleet(gateway.devices(), gateway.groups(), gateway.live(), gateway.sightings());
        ApiParts parts = new ApiParts(
                Recognizer::recognize,
                Optional.empty(),
                Optional.of(new ApiParts.Devices(fleet, gateway.ingest(), gateway.commands())),
                Optional.empty(),
                clock);
        HttpConfig http = new HttpConfig(List.of("127.0.0.1"), 0, 4 << 20, 1 << 20, requestTimeout, 100);
        server = HttpServer.start(http, new NoHealth(), TOKEN::equals, parts, metrics);
    }

    /** With its data there. */
    public static DeviceNode open(Path directory) throws IOException {
        return open(directory, Duration.ofSeconds(20));
    }

    /** The same, with another bound on the time of answers. */
    static DeviceNode open(Path directory, Duration requestTimeout) throws IOException {
        return new DeviceNode(directory, SpoolConfig.defaults(directory.resolve("spool")), requestTimeout);
    }

    /** The same, with another spool. */
    static DeviceNode open(Path directory, SpoolConfig spool) throws IOException {
        return new DeviceNode(directory, spool, Duration.ofSeconds(20));
    }

    /** The HTTP door stops, as it does first when a node stops; to be closed all the same. */
    public void stopHttp() {
        server.close();
    }

    @Override
    public void close() {
        server.close();
        gateway.close();
        spool.close();
        store.close();
    }

    /** Of a node nobody asks how it is. */
    static final class NoHealth implements Health {
        @Override
        public Map<String, String> listeners() {
            return Map.of();
        }

        @Override
        public Map<String, State> services() {
            return Map.of();
        }
    }

    /** Where the HTTP door is. */
    public String url() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    /** What came back. */
    public record Answer(int status, String body) {
        /** The body of an answer that is no refusal. */
        public JsonNode json() throws IOException {
            assertThat(status).as(body).isLessThan(300);
            return JSON.readTree(body);
        }

        /** {@code word: message} of a refusal with that status. */
        String error(int expected) throws IOException {
            assertThat(status).as(body).isEqualTo(expected);
            JsonNode error = JSON.readTree(body);
            assertThat(error.fieldNames()).toIterable().containsExactly("error", "message");
            return error.path("error").asText() + ": " + error.path("message").asText();
        }
    }

    private HttpRequest.Builder request(String method, String path, String body, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(body));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** As the operator. */
    public Answer send(String method, String path, String body) throws Exception {
        return send(method, path, body, TOKEN);
    }

    /** With this token, none if empty. */
    Answer send(String method, String path, String body, String token) throws Exception {
        return answer(request(method, path, body, token));
    }

    /** A message of a device in each line, as the operator. */
    Answer sendLines(String device, String lines) throws Exception {
        return answer(request("POST", "/api/v1/ingest/" + device, lines, TOKEN)
                .header("Content-Type", "application/x-ndjson"));
    }

    private static Answer answer(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    /** A body as it comes. */
    InputStream stream(String path) throws Exception {
        HttpResponse<InputStream> response =
                CLIENT.send(request("GET", path, "", TOKEN).build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    /** What a gauge shows now. */
    public double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    /** What a counter has come to. */
    double counter(String name) {
        return metrics.get(name).counter().count();
    }

    /** Registers a device with {@link #PASSWORD}. */
    public void register(String id, String group) {
        gateway.devices().create(id, group, Optional.of(PASSWORD));
    }

    /** A device that is connected over MQTT. */
    public Connected connect(String id, String password) throws MqttException {
        MqttClient client =
                new MqttClient("tcp://127.0.0.1:" + gateway.mqttAddress().getPort(), id, new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(id);
        options.setPassword(password.toCharArray());
        try {
            client.connect(options);
        } catch (MqttException e) {
            client.close();
            throw e;
        }
        return new Connected(client);
    }

    /** Until it is closed, if the node does not close it before. */
    public record Connected(MqttClient client) implements AutoCloseable {
        /** QoS 1; on return it is acknowledged. */
        public void publish(String topic, String payload) throws MqttException {
            client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false);
        }

        boolean isConnected() {
            return client.isConnected();
        }

        @Override
        public void close() throws MqttException {
            if (client.isConnected()) {
                client.disconnect();
            }
            client.close();
        }
    }
}
