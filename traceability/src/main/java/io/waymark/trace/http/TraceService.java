package io.waymark.trace.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.trace.event.UriText;
import io.waymark.trace.json.ErrorJson;
import io.waymark.trace.json.TimelineJson;
import io.waymark.trace.query.NotReadyException;
import io.waymark.trace.query.TimelineQuery;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /trace/{any code}}: the code is the rest of the path as it came, percent-decoded once, so that
 * {@code /trace/88.118.8/ABC} and {@code /trace/88.118.8%2FABC} are one. A link with a query of its own must be
 * encoded, or stand in {@code ?code=}.
 */
public final class TraceService {
    private static final String PREFIX = "/trace/";
    private static final int CODE_CHARS_MAX = 4_096;

    private final TimelineQuery query;

    /** Serves this query. */
    public TraceService(TimelineQuery query) {
        this.query = query;
    }

    /** The timeline of the code in the path. */
    @Get("regex:^/trace/.+$")
    @Blocking
    public HttpResponse byPath(
            ServiceRequestContext context, @Param("limit") @Default("" + TimelineQuery.LIMIT_DEFAULT) String limit) {
        return answer(codeIn(context.rawPath()), limit);
    }

    /** The timeline of the code in the query. */
    @Get("/trace")
    @Blocking
    public HttpResponse byQuery(
            @Param("code") @Default("") String code,
            @Param("limit") @Default("" + TimelineQuery.LIMIT_DEFAULT) String limit) {
        return answer(code, limit);
    }

    /** The raw path after the prefix, decoded once. Raw, for the server's own reading of a path joins double slashes. */
    static String codeIn(String rawPath) {
        int query = rawPath.indexOf('?');
        String path = query < 0 ? rawPath : rawPath.substring(0, query);
        int prefix = path.indexOf(PREFIX);
        return prefix < 0 ? "" : UriText.decode(path.substring(prefix + PREFIX.length()));
    }

    private HttpResponse answer(String code, String limit) {
        if (code.isEmpty() || code.length() > CODE_CHARS_MAX) {
            return error(
                    HttpStatus.BAD_REQUEST,
                    "unrecognised_code",
                    "code must have 1.." + CODE_CHARS_MAX + " characters but had " + code.length());
        }
        Integer count = number(limit);
        if (count == null || count < 1 || count > TimelineQuery.LIMIT_MAX) {
            return error(
                    HttpStatus.BAD_REQUEST,
                    "bad_limit",
                    "limit must be in 1.." + TimelineQuery.LIMIT_MAX + " but was \"" + limit + "\"");
        }
        return timeline(code, count);
    }

    private HttpResponse timeline(String code, int limit) {
        try {
            byte[] json = TimelineJson.write(query.timeline(code, limit));
            return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json);
        } catch (MalformedIdentifierException e) {
            return error(HttpStatus.BAD_REQUEST, "unrecognised_code", String.valueOf(e.getMessage()));
        } catch (NotReadyException e) {
            return error(HttpStatus.SERVICE_UNAVAILABLE, "not_ready", String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static HttpResponse error(HttpStatus status, String word, String message) {
        return HttpResponse.of(status, MediaType.JSON_UTF_8, ErrorJson.write(word, message));
    }
}
