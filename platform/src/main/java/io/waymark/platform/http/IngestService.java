package io.waymark.platform.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Path;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ingest.IngestRequest;
import io.waymark.gateway.ingest.KafkaAwayException;
import io.waymark.gateway.ingest.KeyConflictException;
import io.waymark.gateway.ingest.OverQuotaException;
import io.waymark.gateway.ingest.Receipt;
import io.waymark.gateway.ingest.RefusedRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Device messages over HTTP: same spool, same promise as MQTT QoS 1. */
@Description("Device messages over HTTP: same spool, same promise as MQTT QoS 1.")
@Decorator(SenderOnly.class)
@Blocking
final class IngestService {
    private static final String INGEST = "/ingest/";
    private static final String WEBHOOKS = "/api/v1/webhooks/";
    private static final String TOPIC_HEADER = "waymark-topic";
    private static final String KEY_HEADER = "idempotency-key";
    private static final String REPEATED_HEADER = "idempotent-replayed";
    private static final String KEY_CONFLICT = "key_conflict";
    private static final int FULL_RETRY_SECONDS = 5;

    private final IngestDoor door;
    private final MessageBody.Bounds bounds;

    /** @param bodyBytesMax the largest body, decompressed */
    IngestService(IngestDoor door, long bodyBytesMax) {
        this.door = door;
        this.bounds = new MessageBody.Bounds(
                bodyBytesMax, door.limits().payloadBytesMax(), door.limits().messagesMax());
    }

    @Post
    @Path("prefix:/api/v1/ingest/")
    @Path("prefix:/ingest/")
    @Description("…/{device} takes the body as that device's message, or as one each line (application/x-ndjson, all or"
            + " nothing), on the topic named by ?topic= or Waymark-Topic. Operator's token, or the device's id and"
            + " password. 202 with the spool position once it is on disk; repeated under the same"
            + " Idempotency-Key it counts once. 503 with Retry-After when the spool is full.")
    public CompletableFuture<HttpResponse> ingest(
            ServiceRequestContext ctx, AggregatedHttpRequest request, @Param("topic") @Default("") String topic) {
        Sending sending = new Sending(ctx, request, INGEST, topic);
        return keepingRefused(sending, () -> take(sending, MessageBody.of(request, bounds)));
    }

    @Post("prefix:" + WEBHOOKS)
    @Description(
            "…/{device} takes a JSON array of events, as Impinj and Zebra readers post it, as one message each, all or"
                    + " nothing; an empty array is a heartbeat. Else as …/ingest/{device}.")
    public CompletableFuture<HttpResponse> webhook(
            ServiceRequestContext ctx, AggregatedHttpRequest request, @Param("topic") @Default("") String topic) {
        Sending sending = new Sending(ctx, request, WEBHOOKS, topic);
        return keepingRefused(sending, () -> {
            MessageBody body = MessageBody.ofEvents(request, bounds);
            return body.payloads().isEmpty()
                    ? CompletableFuture.completedFuture(Json.ok(Json.object().put("accepted", 0)))
                    : take(sending, body);
        });
    }

    /** Who sends what where. A device sends for itself only; that is decided before its body is looked at. */
    private static final class Sending {
        final Sender sender;
        final AggregatedHttpRequest request;
        final String device;
        final String topic;

        Sending(ServiceRequestContext ctx, AggregatedHttpRequest request, String prefix, String asked) {
            this.sender = Sender.of(ctx);
            this.request = request;
            this.device = RawPath.behind(ctx, prefix);
            if (device.isEmpty()) {
                throw ApiException.badRequest("bad_device", "the path names no device: " + prefix + "{device}");
            }
            String named = asked.isEmpty() ? header(TOPIC_HEADER) : asked;
            this.topic = named.isEmpty() ? "ingest/" + device : named;
        }

        String header(CharSequence name) {
            return request.headers().get(name, "");
        }

        void requireOwn() {
            if (!sender.isOperator() && !sender.device().equals(device)) {
                throw forbidden("device " + sender.device() + " may not send for another");
            }
        }

        /** As its sender's, whomever it was to be of. */
        RefusedRequest refused() {
            return new RefusedRequest(
                    sender.isOperator() ? device : sender.device(),
                    sender.group(),
                    topic,
                    header(HttpHeaderNames.CONTENT_TYPE),
                    header(HttpHeaderNames.CONTENT_ENCODING),
                    request.content().array());
        }
    }

    /** What is refused for good is kept; what may be sent again later is still the sender's. */
    private CompletableFuture<HttpResponse> keepingRefused(
            Sending sending, Supplier<CompletableFuture<HttpResponse>> taking) {
        try {
            sending.requireOwn();
            return taking.get();
        } catch (ApiException e) {
            door.refused(sending.refused(), e.word(), e.sentence());
            throw e;
        } catch (IllegalArgumentException e) {
            door.refused(sending.refused(), "bad_request", String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private CompletableFuture<HttpResponse> take(Sending sending, MessageBody body) {
        Sender sender = sending.sender;
        if (!sender.isOperator() && !door.mayPublish(sender.group(), sending.device, sending.topic)) {
            throw forbidden("topic " + sending.topic + " is not for this device to publish to");
        }
        String key = sending.header(KEY_HEADER).strip();
        return door.take(new IngestRequest(
                        sending.device, sender.group(), sending.topic, body.contentType(), body.payloads(), key))
                .whenComplete((receipt, failure) -> {
                    if (failure != null && cause(failure) instanceof KeyConflictException conflict) {
                        door.refused(sending.refused(), KEY_CONFLICT, String.valueOf(conflict.getMessage()));
                    }
                })
                .thenApply(IngestService::accepted)
                .exceptionally(IngestService::refusal);
    }

    private static HttpResponse accepted(Receipt receipt) {
        ResponseHeadersBuilder headers =
                ResponseHeaders.builder(HttpStatus.ACCEPTED).contentType(MediaType.JSON_UTF_8);
        if (receipt.repeated()) {
            headers.set(REPEATED_HEADER, "true");
        }
        return HttpResponse.of(
                headers.build(),
                HttpData.wrap(Json.bytes(Json.object()
                        .put("position", receipt.position())
                        .put("lastPosition", receipt.last())
                        .put("accepted", receipt.messages()))));
    }

    private static ApiException forbidden(String message) {
        return new ApiException(HttpStatus.FORBIDDEN, "not_authorized", message);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static HttpResponse refusal(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof RejectedExecutionException) {
            throw new ApiException(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "spool_full",
                            cause.getMessage() + "; keep the message and try again")
                    .retryAfter(FULL_RETRY_SECONDS);
        }
        if (cause instanceof KafkaAwayException) {
            throw new ApiException(HttpStatus.SERVICE_UNAVAILABLE, "kafka_away", String.valueOf(cause.getMessage()))
                    .retryAfter(FULL_RETRY_SECONDS);
        }
        if (cause instanceof OverQuotaException quota) {
            throw new ApiException(HttpStatus.TOO_MANY_REQUESTS, "over_quota", String.valueOf(cause.getMessage()))
                    .retryAfter((int) Math.min(3_600, quota.retryAfter().toSeconds() + 1));
        }
        if (cause instanceof KeyConflictException) {
            throw new ApiException(HttpStatus.UNPROCESSABLE_ENTITY, KEY_CONFLICT, String.valueOf(cause.getMessage()));
        }
        throw new CompletionException(cause);
    }
}
