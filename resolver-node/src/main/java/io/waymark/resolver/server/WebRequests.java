package io.waymark.resolver.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.waymark.resolver.access.Connection;
import io.waymark.resolver.http.WebRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** HTTP requests as the code sees them that answers them: copied, because that outlives the buffer. */
final class WebRequests {
    private WebRequests() {}

    static WebRequest of(FullHttpRequest request, Connection connection) {
        String target = originForm(request.uri());
        int question = target.indexOf('?');
        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach(h -> headers.merge(h.getKey().toLowerCase(Locale.ROOT), h.getValue(), (a, b) -> a + ", " + b));
        return new WebRequest(
                request.method().equals(HttpMethod.HEAD)
                        ? "GET"
                        : request.method().name(),
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                ByteBufUtil.getBytes(request.content()),
                connection);
    }

    /** A proxy may be sent {@code http://host/path}; here the path counts. */
    private static String originForm(String uri) {
        int authority = uri.indexOf("://");
        if (uri.startsWith("/") || authority < 0) {
            return uri.startsWith("/") ? uri : '/' + uri;
        }
        int path = uri.indexOf('/', authority + 3);
        return path < 0 ? "/" : uri.substring(path);
    }
}
