package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;

/** A request refused, in the words the client will read. Stackless: refusals are expected. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpStatus status;
    private final String word;
    private final transient ObjectNode more = Json.object();
    private int retryAfterSeconds;

    /**
     * @param word for programs, such as {@code bad_json}; one of few, it is also a metric's tag
     * @param message a sentence for people, naming value and bound
     */
    ApiException(HttpStatus status, String word, String message) {
        super(message, null, false, false);
        this.status = status;
        this.word = word;
    }

    static ApiException badRequest(String word, String message) {
        return new ApiException(HttpStatus.BAD_REQUEST, word, message);
    }

    static ApiException notFound(String message) {
        return new ApiException(HttpStatus.NOT_FOUND, "not_found", message);
    }

    /** When the client may try again. */
    ApiException retryAfter(int seconds) {
        retryAfterSeconds = seconds;
        return this;
    }

    /** More for programs, beside {@code error} and {@code message}. */
    ApiException with(ObjectNode fields) {
        more.setAll(fields);
        return this;
    }

    /** What the client is answered. */
    HttpResponse response() {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(status).contentType(MediaType.JSON_UTF_8);
        if (retryAfterSeconds > 0) {
            headers.setInt(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
        }
        ObjectNode body = Json.error(word, sentence());
        return HttpResponse.of(headers.build(), HttpData.wrap(Json.bytes(body.setAll(more))));
    }

    HttpStatus status() {
        return status;
    }

    String word() {
        return word;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
