package io.waymark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.testing.Http;
import io.waymark.testing.JavaProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real node says under which names it is to be watched. */
class MetricNamesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Counted per reason, so they appear with the first failure; nothing from outside can make the streams fail. */
    private static final Set<String> ONLY_AFTER_A_FAILURE = Set.of("waymark_trace_stream_failures_total");

    /** There is no expiry to tell before the operator names a certificate. */
    private static final Set<String> ONLY_WITH_A_CERTIFICATE =
            Set.of("waymark_resolver_tls_certificate_expiry_seconds");

    private static final HttpClient CLIENT = Http.client();

    @Test
    @Timeout(180)
    void rulesAndDashboardAskForWhatANodeExports(@TempDir Path folder) throws Exception {
        Process node = start(folder);
        try {
            JsonNode listeners = await(folder.resolve("ready.json"), node, folder.resolve("log"));
            provokeARefusal(listeners.path("mqtt").asText());
            String http = listeners.path("platform.http").asText();
            // HTTP requests are counted when they are over: the second scrape shows the first.
            Set<String> exported = scrape(http);
            exported.addAll(scrape(http));
            exported.addAll(scrape(http));
            exported.addAll(ONLY_AFTER_A_FAILURE);
            exported.addAll(ONLY_WITH_A_CERTIFICATE);

            assertThat(exported).containsAll(Alerts.metricsOfRules()).containsAll(Alerts.metricsOfDashboard());
            assertThat(Alerts.metricsOfDashboard()).hasSizeGreaterThan(20);
        } finally {
            node.destroy();
            if (!node.waitFor(20, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        }
    }

    private static Process start(Path folder) throws IOException {
        return new ProcessBuilder(JavaProcess.command(
                        512,
                        "io.waymark.platform.Main",
                        "serve",
                        "--data",
                        folder.resolve("data").toString(),
                        "--ready-file",
                        folder.resolve("ready.json").toString(),
                        "--set",
                        "resolver.handle.port=0",
                        "--set",
                        "resolver.http.port=0",
                        "--set",
                        "platform.http.port=0",
                        "--set",
                        "gateway.mqtt.port=0",
                        "--set",
                        "kafka.embedded.port=0"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static JsonNode await(Path ready, Process node, Path log) throws IOException, InterruptedException {
        while (!Files.exists(ready)) {
            if (node.waitFor(200, TimeUnit.MILLISECONDS)) {
                throw new IOException("the node ended with " + node.exitValue() + ": " + Files.readString(log));
            }
        }
        return JSON.readTree(ready.toFile());
    }

    /** Octets that are no MQTT, and waiting until the gateway has hung up. */
    private static void provokeARefusal(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
            socket.getOutputStream().write(new byte[] {0, 0, 0, 0});
            socket.setSoTimeout(20_000);
            socket.getInputStream().readAllBytes();
        }
    }

    private static Set<String> scrape(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        String text = CLIENT.send(request, BodyHandlers.ofString()).body();
        Set<String> names = new TreeSet<>();
        for (String line : text.lines().toList()) {
            if (!line.isEmpty() && line.charAt(0) != '#') {
                names.add(line.split("[{ ]", 2)[0]);
            }
        }
        return names;
    }
}
