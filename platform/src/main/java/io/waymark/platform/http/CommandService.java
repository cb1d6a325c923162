package io.waymark.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.gateway.command.Command;
import io.waymark.gateway.command.CommandDoor;
import io.waymark.gateway.command.CommandRefusedException;
import io.waymark.gateway.command.CommandStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Messages for devices. */
@Description("Messages for devices.")
@Decorator(OperatorOnly.class)
@Blocking
final class CommandService {
    private static final String ONE = "/api/v1/devices/";
    private static final String COMMANDS = "/commands";
    private static final int FULL_RETRY_SECONDS = 5;
    private static final int EXPIRY_SECONDS = 3_600;
    private static final Set<String> FIELDS = Set.of(
            "id",
            "name",
            "payload",
            "payloadBase64",
            "contentType",
            "qos",
            "expirySeconds",
            "responseTopic",
            "correlationBase64");

    private final CommandDoor commands;

    CommandService(CommandDoor commands) {
        this.commands = commands;
    }

    @Post("regex:^/api/v1/devices/.+/commands$")
    @Description(
            "Sends a device a message: {\"payload\" or \"payloadBase64\", \"id\"?, \"name\"?, \"contentType\"?, \"qos\"?,"
                    + " \"expirySeconds\"?, \"responseTopic\"?, \"correlationBase64\"?}. 202 once it is on disk; the same id again is"
                    + " the same command. 404 unknown device, 409 disabled.")
    public CompletableFuture<HttpResponse> send(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        String raw = RawPath.rawBehind(ctx, ONE);
        String device = RawPath.decode(raw.substring(0, raw.length() - COMMANDS.length()));
        ObjectNode body = Json.parseObject(request, FIELDS);
        Command command = new Command(
                device,
                Json.optionalText(body, "id").orElseGet(() -> UUID.randomUUID().toString()),
                Json.optionalText(body, "name").orElse(""),
                Json.optionalText(body, "contentType").orElse(""),
                number(body, "qos", 1),
                number(body, "expirySeconds", EXPIRY_SECONDS),
                Json.optionalText(body, "responseTopic").orElse(""),
                base64(body, "correlationBase64").orElse(new byte[0]),
                payload(body));
        return commands.send(command)
                .thenApply(status -> Json.answer(HttpStatus.ACCEPTED, json(status)))
                .exceptionally(CommandService::refusal);
    }

    @Get("regex:^/api/v1/devices/.+/commands/[^/]+$")
    @Description("What has become of a command; it is remembered for a day after its end.")
    public HttpResponse find(ServiceRequestContext ctx) {
        String raw = RawPath.rawBehind(ctx, ONE);
        int at = raw.indexOf(COMMANDS + '/');
        String device = RawPath.decode(raw.substring(0, at));
        String id = RawPath.decode(raw.substring(at + COMMANDS.length() + 1));
        return commands.find(device, id)
                .map(status -> Json.ok(json(status)))
                .orElseThrow(() -> ApiException.notFound("device " + device + " has no command " + id));
    }

    @Get("regex:^/api/v1/devices/.+/commands$")
    @Description("Commands that wait for the device or for its acknowledgement.")
    public HttpResponse list(ServiceRequestContext ctx) {
        String raw = RawPath.rawBehind(ctx, ONE);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("commands");
        commands.openOf(RawPath.decode(raw.substring(0, raw.length() - COMMANDS.length())))
                .forEach(status -> list.add(json(status)));
        return Json.ok(answer);
    }

    private static ObjectNode json(CommandStatus status) {
        ObjectNode json = Json.object()
                .put("id", status.id())
                .put("device", status.deviceId())
                .put("name", status.name())
                .put("state", status.state().label());
        if (!status.reason().isEmpty()) {
            json.put("reason", status.reason());
        }
        return json.put("acceptedAt", time(status.acceptedAtMillis()))
                .put("expiresAt", time(status.expiresAtMillis()))
                .put("changedAt", time(status.changedAtMillis()));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static byte[] payload(ObjectNode body) {
        if (body.has("payload") == body.has("payloadBase64")) {
            throw ApiException.badRequest("bad_field", "there must be either \"payload\" or \"payloadBase64\"");
        }
        return base64(body, "payloadBase64")
                .orElseGet(() -> Json.text(body, "payload").getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> base64(ObjectNode body, String field) {
        return Json.optionalText(body, field).map(text -> {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw ApiException.badRequest("bad_field", "\"" + field + "\" must be base64: " + e.getMessage());
            }
        });
    }

    private static int number(ObjectNode body, String field, int absent) {
        JsonNode value = body.get(field);
        if (value == null) {
            return absent;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw ApiException.badRequest("bad_field", "\"" + field + "\" must be a whole number");
        }
        return value.intValue();
    }

    private static HttpResponse refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof CommandRefusedException refused) {
            throw new ApiException(status(refused.why()), refused.why().label(), String.valueOf(cause.getMessage()));
        }
        if (cause instanceof RejectedExecutionException) {
            throw new ApiException(
                            HttpStatus.SERVICE_UNAVAILABLE, "spool_full", cause.getMessage() + "; try again later")
                    .retryAfter(FULL_RETRY_SECONDS);
        }
        throw new CompletionException(cause);
    }

    private static HttpStatus status(CommandRefusedException.Why why) {
        return switch (why) {
            case UNKNOWN_DEVICE -> HttpStatus.NOT_FOUND;
            case DEVICE_DISABLED, COMMAND_EXISTS -> HttpStatus.CONFLICT;
            case TOO_MANY_COMMANDS -> HttpStatus.TOO_MANY_REQUESTS;
        };
    }
}
