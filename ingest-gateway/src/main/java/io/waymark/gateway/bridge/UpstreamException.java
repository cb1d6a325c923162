package io.waymark.gateway.bridge;

/** An upstream that cannot be reached, refuses, or does not answer in time. The message is for people and holds no secret. */
final class UpstreamException extends Exception {
    private static final long serialVersionUID = 1;

    UpstreamException(String message, Throwable cause) {
        super(message, cause);
    }
}
