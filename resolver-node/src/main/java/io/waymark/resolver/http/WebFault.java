package io.waymark.resolver.http;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.message.ResponseCode;

/** A web request that cannot be carried out as asked. Stackless; caught once, by {@link WebDoor}. */
final class WebFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final ResponseCode code;
    private final int status;
    private final String word;

    WebFault(int status, String word, String message) {
        this(ResponseCode.PROTOCOL_ERROR, status, word, message);
    }

    WebFault(ResponseCode code, int status, String word, String message) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.word = word;
    }

    /** A name that is no handle. */
    static WebFault of(MalformedIdentifierException e) {
        return new WebFault(ResponseCode.INVALID_HANDLE, 400, "invalid_handle", String.valueOf(e.getMessage()));
    }

    /** For Handle clients. */
    ResponseCode code() {
        return code;
    }

    int status() {
        return status;
    }

    /** For programs. */
    String word() {
        return word;
    }

    /** For people. */
    String sentence() {
        return String.valueOf(getMessage());
    }
}
