package io.waymark.platform.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure as {@code {"error":…,"message":…}}, and as a count by reason. Event loops and blocking threads. */
final class ErrorPages implements ServerErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);

    private final MeterRegistry metrics;

    ErrorPages(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable thrown) {
        ApiException refusal = refusal(ctx, unwrap(thrown));
        count(refusal.word());
        return refusal.response();
    }

    /** Failures before a service was found: no route, broken HTTP, wrong method. */
    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext ctx,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        ApiException refusal = status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)
                ? ofLength(
                        cause instanceof ContentTooLargeException e ? e.maxContentLength() : config.maxRequestLength())
                : ofStatus(status, description);
        count(refusal.word());
        return AggregatedHttpResponse.of(
                status,
                MediaType.JSON_UTF_8,
                HttpData.wrap(Json.bytes(Json.error(refusal.word(), refusal.sentence()))));
    }

    /** What the client is told of a failure; only what nobody foresaw is logged with its stack. */
    private static ApiException refusal(ServiceRequestContext ctx, Throwable cause) {
        if (cause instanceof ApiException api) {
            return api;
        }
        if (cause instanceof ContentTooLargeException tooLarge) {
            return ofLength(tooLarge.maxContentLength());
        }
        if (cause instanceof HttpStatusException status) {
            return status.httpStatus().equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)
                    ? ofLength(ctx.maxRequestLength())
                    : ofStatus(status.httpStatus(), null);
        }
        if (cause instanceof RequestTimeoutException) {
            return new ApiException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "timeout",
                    "the request was not answered within " + ctx.requestTimeoutMillis() + " ms");
        }
        if (cause instanceof RejectedExecutionException) {
            return new ApiException(
                    HttpStatus.TOO_MANY_REQUESTS, "busy", "too much work is waiting already; try again in a moment");
        }
        if (cause instanceof IllegalArgumentException) {
            return ApiException.badRequest("bad_request", String.valueOf(cause.getMessage()));
        }
        LOG.error("{} {} failed", ctx.method(), ctx.path(), cause);
        return ofStatus(HttpStatus.INTERNAL_SERVER_ERROR, null);
    }

    private static ApiException ofLength(long bytesMax) {
        return new ApiException(
                HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                "body_too_large",
                "the body must be at most " + bytesMax + " bytes");
    }

    private static ApiException ofStatus(HttpStatus status, @Nullable String description) {
        String word = status.reasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return new ApiException(status, word, sentence(status, description));
    }

    private static String sentence(HttpStatus status, @Nullable String description) {
        return switch (status.code()) {
            case 404 -> "there is nothing at this path; /docs lists what there is";
            case 405 -> "this path does not take this method; /docs lists what it takes";
            case 500 -> "the request failed; the node's log says why";
            default -> description == null || description.isBlank() ? status.reasonPhrase() : description;
        };
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private void count(String word) {
        metrics.counter("waymark.http.refused", "reason", word).increment();
    }
}
