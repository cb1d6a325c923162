package io.waymark.resolver.http;

import io.waymark.resolver.access.Connection;
import java.util.Map;

/**
 * An HTTP request as the mapping code sees it.
 *
 * @param method for example {@code GET}; HEAD is asked as GET
 * @param rawPath percent-encoded, begins with a slash
 * @param rawQuery without the question mark; empty if there is none
 * @param headers names in lower case
 * @param body owned by the request, never written
 * @param connection it came on
 */
public record WebRequest(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, String> headers,
        byte[] body,
        Connection connection) {
    /** A header's value; empty if absent. */
    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    boolean isGet() {
        return method.equals("GET");
    }

    /** Whether it only asks. */
    boolean isReading() {
        return method.equals("GET") || method.equals("POST");
    }

    /** Whether the client takes this media type in preference to HTML. */
    public boolean prefers(String mediaType) {
        String accept = header("accept");
        int at = accept.indexOf(mediaType);
        int html = accept.indexOf("text/html");
        return at >= 0 && (html < 0 || at < html);
    }

    /** Where the client believes this node to be, as {@code https://host}; only for links in answers to himself. */
    public String origin() {
        String host = header("host");
        boolean sane = !host.isEmpty() && host.chars().allMatch(WebRequest::isHostCharacter);
        return (connection.secure() ? "https://" : "http://") + (sane ? host : "localhost");
    }

    private static boolean isHostCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == ':'
                || c == '['
                || c == ']';
    }
}
