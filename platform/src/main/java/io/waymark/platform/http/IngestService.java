package io.waymark.platform.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Device messages over HTTP, for readers that speak webhooks: same spool, same promise as MQTT QoS 1. */
@Description("Device messages over HTTP: same spool, same promise as MQTT QoS 1.")
final class IngestService {
    private static final String INGEST = "/ingest/";

    private final ApiParts.Sink sink;
    private final int payloadBytesMax;

    IngestService(ApiParts.Sink sink, int payloadBytesMax) {
        this.sink = sink;
        this.payloadBytesMax = payloadBytesMax;
    }

    @Post("prefix:" + INGEST)
    @Decorator(OperatorOnly.class)
    @Description(
            "…/{device} takes the body as that device's message. 202 with its spool position once it is on disk; 429"
                    + " when the spool is full.")
    public CompletableFuture<HttpResponse> ingest(
            ServiceRequestContext ctx, AggregatedHttpRequest request, @Param("topic") @Default("") String topic) {
        String device = RawPath.behind(ctx, INGEST);
        if (device.isEmpty()) {
            throw ApiException.badRequest("bad_device", "the path names no device: /ingest/{device}");
        }
        byte[] payload = request.content().array();
        if (payload.length > payloadBytesMax) {
            throw new ApiException(
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                    "body_too_large",
                    "a message must be at most " + payloadBytesMax + " bytes but has " + payload.length);
        }
        String contentType =
                request.contentType() == null ? "" : request.contentType().toString();
        return sink.publish(device, topic.isEmpty() ? "ingest/" + device : topic, contentType, payload)
                .thenApply(position ->
                        Json.answer(HttpStatus.ACCEPTED, Json.object().put("position", position)))
                .exceptionally(IngestService::refusal);
    }

    private static HttpResponse refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RejectedExecutionException) {
            throw new ApiException(
                    HttpStatus.TOO_MANY_REQUESTS, "spool_full", "the spool is full; keep the message and try again");
        }
        throw new CompletionException(cause);
    }
}
