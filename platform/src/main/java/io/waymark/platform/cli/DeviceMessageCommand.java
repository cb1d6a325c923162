package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark command}: a message for a device. */
@Command(
        name = "command",
        header = "Send a device a command and say what becomes of it.",
        description = {
            "The node keeps the command until the device acknowledges it or it expires.",
            "The device gets it on its command topic, devices/DEVICE/commands, with the name behind it."
        },
        exitCodeList = {
            ExitCodes.OK_TEXT,
            "1:Failed, expired or refused; the message says why.",
            ExitCodes.USAGE_TEXT,
            "3:Accepted, but --wait ended before the device had it.",
            "4:There is no such device."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark command press-1 '{\"speed\":42}' --name speed --wait 30s",
            "  waymark command press-1 -f firmware.bin --name firmware --expiry 7d --qos 2"
        })
public final class DeviceMessageCommand extends ReportingCommand {
    private static final long LOOK_EVERY_MILLIS = 200;
    private static final Set<String> FINAL = Set.of("delivered", "expired", "refused");

    @Parameters(index = "0", paramLabel = "DEVICE", description = "The device's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String device;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = "What it is sent, as text.")
    private @Nullable String payload;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Send the octets of a file instead of PAYLOAD.")
    private @Nullable Path file;

    @Option(
            names = {"--name", "--topic"},
            paramLabel = "NAME",
            description = "Added to the device's command topic; may have levels.")
    private String name = "";

    @Option(names = "--id", paramLabel = "ID", description = "Names the command, so that it counts once when repeated.")
    private @Nullable String id;

    @Option(names = "--content-type", paramLabel = "TYPE", description = "Media type of the payload.")
    private String contentType = "";

    @Option(
            names = "--qos",
            paramLabel = "N",
            defaultValue = "1",
            description = "The highest quality of service it is sent with (default: ${DEFAULT-VALUE}).")
    private int qos = 1;

    @Option(
            names = "--expiry",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = Times.class,
            description = "How long it may wait for the device, such as 30s, 1h, 7d (default: ${DEFAULT-VALUE}).")
    private Duration expiry = Duration.ofHours(1);

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Times.class,
            description = "Show the status as it changes until the device has it, so long at most.")
    private @Nullable Duration wait;

    @Override
    protected int run() throws IOException, InterruptedException {
        String path = "/api/v1/devices/" + NodeConnection.encodeWhole(device) + "/commands";
        JsonNode status = node.post(path, body()).orFail().json();
        String sent = status.path("id").asText();
        show(status);
        Duration most = wait;
        long until = System.nanoTime() + (most == null ? 0 : most.toNanos());
        while (most != null && !isFinal(status) && System.nanoTime() - until < 0) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            JsonNode now = node.get(path + '/' + NodeConnection.encodeWhole(sent))
                    .orFail()
                    .json();
            if (!now.path("state").equals(status.path("state"))) {
                show(now);
            }
            status = now;
        }
        return exitCode(status);
    }

    private ObjectNode body() throws IOException {
        ObjectNode body = JSON.createObjectNode()
                .put("name", name)
                .put("contentType", contentType)
                .put("qos", qos)
                .put("expirySeconds", expiry.toSeconds());
        if (id != null) {
            body.put("id", id);
        }
        if ((payload == null) == (file == null)) {
            throw new CliException(ExitCodes.USAGE, "there must be either PAYLOAD or --file");
        }
        return file == null
                ? body.put("payload", payload)
                : body.put("payloadBase64", Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
    }

    private static boolean isFinal(JsonNode status) {
        return FINAL.contains(status.path("state").asText());
    }

    private void show(JsonNode status) {
        if (json) {
            printJson(status);
            return;
        }
        String state = status.path("state").asText();
        String reason = status.path("reason").asText("");
        String line =
                status.path("changedAt").asText() + "  " + status.path("id").asText() + "  ";
        out().println(line
                + ("delivered".equals(state) ? good(state) : state)
                + (reason.isEmpty() ? "" : " (" + reason + ")"));
        out().flush();
    }

    private int exitCode(JsonNode status) {
        String state = status.path("state").asText();
        if ("delivered".equals(state) || (wait == null && !isFinal(status))) {
            return ExitCodes.OK;
        }
        if (isFinal(status)) {
            complain("the device did not get the command: it was " + state);
            return ExitCodes.FAILED;
        }
        complain("the device does not have the command yet; it is kept until "
                + status.path("expiresAt").asText());
        return ExitCodes.PARTLY;
    }

    /** {@code 30s}, {@code 5m}, {@code 1h}, {@code 7d}. */
    static final class Times implements picocli.CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,9}[smhd]")) {
                throw new picocli.CommandLine.TypeConversionException(
                        "a time must look like 30s, 5m, 1h or 7d but was \"" + text + "\"");
            }
            long count = Long.parseLong(text.substring(0, text.length() - 1));
            return switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(count);
                case 'm' -> Duration.ofMinutes(count);
                case 'h' -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
    }
}
