package io.waymark.resolver.signature;

/** Data that is no signature or no claims. Stackless. */
public final class MalformedSignatureException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedSignatureException(String message) {
        super(message, null, false, false);
    }
}
