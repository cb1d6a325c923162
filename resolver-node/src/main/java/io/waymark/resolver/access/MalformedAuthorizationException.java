package io.waymark.resolver.access;

/** A caller says who he is in a way that cannot be read. Stackless; caught once, by {@link Admission}. */
final class MalformedAuthorizationException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedAuthorizationException(String message) {
        super(message, null, false, false);
    }
}
