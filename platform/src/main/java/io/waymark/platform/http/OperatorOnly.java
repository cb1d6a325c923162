package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Predicate;

/**
 * Lets only bearers of the operator's token through (RFC 6750). Named in {@code @Decorator} on methods that change or
 * reveal something.
 */
final class OperatorOnly implements DecoratingHttpServiceFunction {
    private static final String SCHEME = "bearer ";

    private final Predicate<String> isOperatorToken;
    private final Counter refused;

    /**
     * @param isOperatorToken compares in constant time
     */
    OperatorOnly(Predicate<String> isOperatorToken, MeterRegistry metrics) {
        this.isOperatorToken = isOperatorToken;
        this.refused = metrics.counter("waymark.http.refused", "reason", "unauthorized");
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        return isOperator(request.headers()) ? delegate.serve(ctx, request) : refuse();
    }

    /** Whether the request carries the operator's token. */
    boolean isOperator(RequestHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && isOperatorToken.test(authorization.substring(SCHEME.length()).strip());
    }

    private HttpResponse refuse() {
        refused.increment();
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.UNAUTHORIZED)
                .contentType(MediaType.JSON_UTF_8)
                .set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"waymark\"")
                .build();
        String message = "this needs the operator's token: Authorization: Bearer TOKEN, kept as admin.token in the"
                + " node's data directory";
        return HttpResponse.of(headers, HttpData.wrap(Json.bytes(Json.error("unauthorized", message))));
    }
}
