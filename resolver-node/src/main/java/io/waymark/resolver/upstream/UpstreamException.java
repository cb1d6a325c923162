package io.waymark.resolver.upstream;

/** An exchange with another node failed. Stackless: how it failed is all there is to know. */
public final class UpstreamException extends Exception {
    private static final long serialVersionUID = 1L;

    /** How. */
    public enum Kind {
        /** Nothing came in time. */
        TIMEOUT,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** The answer is too long for datagrams. */
        TOO_LARGE,
        /** What came is no message. */
        MALFORMED
    }

    private final Kind kind;

    /** Makes one. */
    public UpstreamException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** How it failed. */
    public Kind kind() {
        return kind;
    }
}
