package io.waymark.platform.bench;

import io.waymark.platform.cli.NodeConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark bench publish}: many MQTT clients that publish, on any MQTT server. */
@Command(
        name = "publish",
        header = "Publish over MQTT as fast as the server acknowledges, or at a fixed rate.",
        description =
                "An answer is a PUBACK (QoS 1) or a PUBCOMP (QoS 2). QoS 0 has none: each batch is followed by a PINGREQ,"
                        + " and its PINGRESP shows that the server has read the batch.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark bench publish --qos 1 --server-pid 4711",
            "  waymark bench publish --server 127.0.0.1:1883 --mqtt 3 --qos 2 -c 100 -w 8 --payload 1000",
            "  waymark bench publish --rate 5000 --user device-1 --password"
        })
final class BenchPublishCommand extends LoadCommand {
    private static final int CONNECTIONS = 16;
    private static final int WINDOW = 64;
    private static final int PAYLOAD_MAX = 1 << 20;

    @Option(
            names = {"-q", "--qos"},
            paramLabel = "0|1|2",
            defaultValue = "1",
            description = "Quality of service (default: ${DEFAULT-VALUE}).")
    private int qos;

    @Option(
            names = "--mqtt",
            paramLabel = "3|5",
            defaultValue = "5",
            description = "3 = MQTT 3.1.1, 5 = MQTT 5.0 (default: ${DEFAULT-VALUE}).")
    private int version;

    @Option(
            names = "--topic",
            paramLabel = "PATTERN",
            defaultValue = "bench/%d",
            description = "Topic of each client: its number stands for %%d (default: ${DEFAULT-VALUE}).")
    private String topic = "bench/%d";

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "256",
            description = "Size of a message: a JSON object padded to it (default: ${DEFAULT-VALUE}).")
    private int payloadBytes;

    @Option(names = "--payload-file", paramLabel = "FILE", description = "Publish this file's content instead.")
    private @Nullable Path payloadFile;

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME",
            description = "User name of every client; %%d may stand for its number.")
    private @Nullable String user;

    @Option(
            names = {"-P", "--password"},
            paramLabel = "PASSWORD",
            arity = "0..1",
            interactive = true,
            description = "Password of every client; asked for when none follows.")
    private char @Nullable [] password;

    @Override
    Load load(LoadOptions options) throws IOException, InterruptedException {
        check("--qos", qos, 0, 2);
        if (version != 3 && version != 5) {
            throw new IllegalArgumentException("--mqtt must be 3 or 5 but was " + version);
        }
        InetSocketAddress server = server("mqtt");
        LoadPlan plan = options.plan(CONNECTIONS, WINDOW);
        byte[] payload = payload();
        String title = "publish over MQTT " + (version == 3 ? "3.1.1" : "5.0") + ", QoS " + qos + ", " + payload.length
                + " bytes, at " + NodeConnection.hostAndPort(server);
        return new Load(title, plan, n -> new MqttLink(server, publisher(n, payload), plan.window()));
    }

    private MqttPublisher publisher(int n, byte[] payload) {
        return new MqttPublisher(
                version == 3 ? 4 : 5,
                MqttLink.uniqueClientId("bench", n),
                user == null ? null : numbered(user, n),
                password == null ? null : new String(password),
                numbered(topic, n).getBytes(StandardCharsets.UTF_8),
                qos,
                payload);
    }

    /** The text itself, or the pattern's text for this number. */
    private static String numbered(String text, int n) {
        return text.indexOf('%') < 0 ? text : NamePattern.parse(text).format(n);
    }

    private byte[] payload() throws IOException {
        byte[] payload = payloadFile == null ? paddedJson(payloadBytes) : Files.readAllBytes(payloadFile);
        check("payload", payload.length, 0, PAYLOAD_MAX);
        return payload;
    }

    /** {@code {"bench":"xxx…"}} of the given size; below that of an empty one, only x. */
    static byte[] paddedJson(int bytes) {
        check("--payload", bytes, 0, PAYLOAD_MAX);
        String frame = "{\"bench\":\"\"}";
        int padding = bytes - frame.length();
        String text = padding < 0 ? "x".repeat(bytes) : "{\"bench\":\"" + "x".repeat(padding) + "\"}";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be in " + min + ".." + max + " but was " + value);
        }
    }
}
