package io.waymark.gateway.ingest;

/** An idempotency key names another request already. Stackless: it is an answer. */
public final class KeyConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyConflictException() {
        super("this idempotency key came before with another topic, content type or body", null, false, false);
    }
}
