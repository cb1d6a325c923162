package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.access.Verdict;
import io.waymark.gateway.ingest.IngestDoor;
import java.util.Optional;

/**
 * Lets through the operator (RFC 6750) and devices with their id and password (RFC 7617), before anything of the body is read:
 * strangers cannot fill memory.
 */
final class SenderOnly implements DecoratingHttpServiceFunction {
    private static final int BUSY_RETRY_SECONDS = 2;

    private final OperatorOnly operators;
    private final Optional<IngestDoor> door;
    private final Counter refused;

    /** @param door knows devices, if the gateway runs here */
    SenderOnly(OperatorOnly operators, Optional<IngestDoor> door, MeterRegistry metrics) {
        this.operators = operators;
        this.door = door;
        this.refused = metrics.counter("waymark.http.refused", "reason", "unauthorized");
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (operators.isOperator(request.headers())) {
            Sender.OPERATOR.attach(ctx);
            return delegate.serve(ctx, request);
        }
        BasicCredentials basic = BasicCredentials.of(request.headers());
        if (basic == null || door.isEmpty()) {
            return refuse();
        }
        return HttpResponse.of(door.get()
                .authenticate(basic.user(), basic.password())
                .thenApplyAsync(verdict -> served(delegate, ctx, request, basic, verdict), ctx.eventLoop()));
    }

    private HttpResponse served(
            HttpService delegate,
            ServiceRequestContext ctx,
            HttpRequest request,
            BasicCredentials basic,
            Verdict verdict) {
        return switch (verdict.kind()) {
            case ACCEPTED -> {
                new Sender(basic.user(), verdict.accepted().group()).attach(ctx);
                yield unchecked(delegate, ctx, request);
            }
            case WRONG -> refuse();
            case DISABLED ->
                throw new ApiException(HttpStatus.FORBIDDEN, "device_disabled", "this device may not send at present");
            case BUSY ->
                throw new ApiException(HttpStatus.SERVICE_UNAVAILABLE, "busy", "too many passwords are being checked")
                        .retryAfter(BUSY_RETRY_SECONDS);
            case FAILED ->
                throw new ApiException(
                        HttpStatus.INTERNAL_SERVER_ERROR, "internal_server_error", "the device could not be looked up");
        };
    }

    private static HttpResponse unchecked(HttpService delegate, ServiceRequestContext ctx, HttpRequest request) {
        try {
            return delegate.serve(ctx, request);
        } catch (Exception e) {
            return HttpResponse.ofFailure(e);
        }
    }

    private HttpResponse refuse() {
        refused.increment();
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.UNAUTHORIZED)
                .contentType(MediaType.JSON_UTF_8)
                .add(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"waymark\", charset=\"UTF-8\"")
                .add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"waymark\"")
                .build();
        String message = "this needs the device's id and password (Basic) or the operator's token (Bearer)";
        return HttpResponse.of(headers, HttpData.wrap(Json.bytes(Json.error("unauthorized", message))));
    }
}
