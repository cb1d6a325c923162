package io.waymark.platform.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The messages in a request's body, octet for octet: one, a line each (NDJSON), or the elements of a JSON array as readers post
 * them. What says it is JSON must be; what is not is refused as a whole, with each place that is wrong.
 *
 * @param contentType of each message
 * @param payloads in order
 */
record MessageBody(String contentType, List<byte[]> payloads) {
    private static final String JSON = "application/json";
    private static final Set<String> LINES = Set.of("x-ndjson", "ndjson", "jsonl", "x-jsonlines", "json-lines");
    private static final int PLACES_TOLD_MAX = 100;

    /**
     * What one request may hold.
     *
     * @param bodyBytes of the body, decompressed
     * @param payloadBytes of one message
     * @param messages of all
     */
    record Bounds(long bodyBytes, int payloadBytes, int messages) {}

    /** As the content type says. */
    static MessageBody of(AggregatedHttpRequest request, Bounds bounds) {
        byte[] body = decompressed(request, bounds);
        MediaType type = request.contentType();
        if (type != null && LINES.contains(type.subtype().toLowerCase(Locale.ROOT))) {
            return lines(body, bounds);
        }
        requireSize(body.length, bounds);
        if (type != null && type.isJson()) {
            Json.check("the body", body, 0, body.length);
        }
        return new MessageBody(type == null ? "" : type.toString(), List.of(body));
    }

    /** As RFID readers post: an array of events, which may be empty, or one event. */
    static MessageBody ofEvents(AggregatedHttpRequest request, Bounds bounds) {
        byte[] body = decompressed(request, bounds);
        List<byte[]> events = new ArrayList<>();
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    events.add(element(parser, body, bounds));
                    requireCount(events.size(), bounds);
                }
            } else {
                events.add(element(parser, body, bounds));
            }
            if (parser.nextToken() != null) {
                throw ApiException.badRequest("bad_json", "the body must end with its array or event");
            }
        } catch (JsonParseException e) {
            throw Json.malformed("the body", e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
        return new MessageBody(JSON, events);
    }

    private static byte[] element(JsonParser parser, byte[] body, Bounds bounds) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw ApiException.badRequest(
                    "bad_json", "an event must be a JSON object but was " + parser.currentToken());
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw ApiException.badRequest("bad_json", "the body ends within an event");
        }
        int to = (int) parser.currentTokenLocation().getByteOffset() + 1;
        requireSize(to - from, bounds);
        return Arrays.copyOfRange(body, from, to);
    }

    // ---- a line each

    private static MessageBody lines(byte[] body, Bounds bounds) {
        List<byte[]> payloads = new ArrayList<>();
        Refused refused = new Refused();
        int number = 1;
        for (int from = 0; from < body.length; number++) {
            int end = lineEnd(body, from);
            int to = end > from && body[end - 1] == '\r' ? end - 1 : end;
            if (!isBlank(body, from, to)) {
                try {
                    requireSize(to - from, bounds);
                    Json.check("line " + number, body, from, to - from);
                } catch (ApiException e) {
                    refused.add(number, e);
                }
                payloads.add(Arrays.copyOfRange(body, from, to));
                requireCount(payloads.size(), bounds);
            }
            from = end + 1;
        }
        refused.tell(payloads.size());
        if (payloads.isEmpty()) {
            throw ApiException.badRequest("bad_json", "the body must have at least one line that is not blank");
        }
        return new MessageBody(JSON, payloads);
    }

    private static int lineEnd(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != '\n') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte[] body, int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] != ' ' && body[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Lines that are no messages. */
    private static final class Refused {
        private final ArrayNode told = Json.object().putArray("lines");
        private int count;

        void add(int line, ApiException why) {
            if (++count <= PLACES_TOLD_MAX) {
                told.addObject().put("line", line).put("error", why.word()).put("message", why.sentence());
            }
        }

        void tell(int lines) {
            if (count > 0) {
                ObjectNode more = Json.object().put("accepted", 0).put("refused", count);
                more.set("lines", told);
                throw ApiException.badRequest(
                                "bad_lines", count + " of " + lines + " lines are no messages; none was accepted")
                        .with(more);
            }
        }
    }

    // ---- bounds

    private static void requireSize(int octets, Bounds bounds) {
        if (octets > bounds.payloadBytes()) {
            throw tooLarge("a message must be at most " + bounds.payloadBytes() + " bytes but has " + octets);
        }
    }

    private static void requireCount(int messages, Bounds bounds) {
        if (messages > bounds.messages()) {
            throw tooLarge("a request must have at most " + bounds.messages() + " messages");
        }
    }

    private static ApiException tooLarge(String message) {
        return new ApiException(HttpStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", message);
    }

    private static byte[] decompressed(AggregatedHttpRequest request, Bounds bounds) {
        String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        byte[] body = request.content().array();
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> body;
            case "gzip", "x-gzip" -> gunzip(body, bounds.bodyBytes());
            default ->
                throw new ApiException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported_encoding",
                        "Content-Encoding must be gzip or identity but was " + encoding);
        };
    }

    /** A small body may hold very much: no more is read of it than a plain one might have. */
    private static byte[] gunzip(byte[] body, long bytesMax) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            int most = (int) Math.min(bytesMax, Integer.MAX_VALUE - 16);
            byte[] plain = in.readNBytes(most + 1);
            if (plain.length > most) {
                throw tooLarge("the body must be at most " + most + " bytes when decompressed");
            }
            return plain;
        } catch (IOException e) {
            throw ApiException.badRequest("bad_encoding", "the body is no gzip: " + e.getMessage());
        }
    }
}
