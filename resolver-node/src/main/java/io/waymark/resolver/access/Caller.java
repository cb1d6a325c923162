package io.waymark.resolver.access;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.Administration;

/**
 * Who a web request is from, once that is known.
 *
 * @param kind what is known of him
 * @param identity the place of the key he has; of meaning for an {@link Kind#ADMINISTRATOR} only
 */
public record Caller(Kind kind, ValueReference identity) {
    /** What is known of a caller. */
    public enum Kind {
        /** Nothing. */
        ANYONE,
        /** He has the operator's token. */
        OPERATOR,
        /** He has the key at {@link Caller#identity}. */
        ADMINISTRATOR
    }

    /** Nobody in particular. */
    public static final Caller ANYONE = new Caller(Kind.ANYONE, new ValueReference("", 0));

    /** Whoever runs the node. */
    public static final Caller OPERATOR = new Caller(Kind.OPERATOR, Administration.OPERATOR);

    /** Whoever has this key. */
    public static Caller administrator(ValueReference identity) {
        return new Caller(Kind.ADMINISTRATOR, identity);
    }

    /** Whether he is somebody. */
    public boolean isKnown() {
        return kind != Kind.ANYONE;
    }
}
