package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpStatus;

/** A request refused, in the words the client will read. Stackless: refusals are expected. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpStatus status;
    private final String word;

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
