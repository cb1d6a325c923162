package io.waymark.resolver.message;

import java.util.Optional;

/**
 * What a request asks for.
 *
 * @see "RFC 3652 §2.2.2.1 OpCode"
 */
public enum OpCode {
    /** Values of a handle. */
    RESOLUTION(1, false),
    /** The site record of the server asked. */
    GET_SITE_INFO(2, false),
    /** A new handle. */
    CREATE_HANDLE(100, true),
    /** A handle less. */
    DELETE_HANDLE(101, true),
    /** New values in a handle. */
    ADD_VALUE(102, true),
    /** Values less in a handle. */
    REMOVE_VALUE(103, true),
    /** Other contents of values a handle has. */
    MODIFY_VALUE(104, true),
    /** The handles under a prefix. */
    LIST_HANDLES(105, true),
    /** The answer to a challenge. */
    RESPONSE_TO_CHALLENGE(200, false),
    /** One server asks another whether a secret fits. */
    VERIFY_CHALLENGE(201, false),
    /** Serve a prefix. */
    HOME_PREFIX(300, true),
    /** Serve it no longer. */
    UNHOME_PREFIX(301, true),
    /** The prefixes served. */
    LIST_HOMED_PREFIXES(302, true),
    /** A session key, please. */
    SESSION_SETUP(400, false),
    /** The session is over. */
    SESSION_TERMINATE(401, false),
    /** The session key, encrypted by the client. */
    SESSION_EXCHANGE_KEY(402, false),
    /** Who I am on this connection, from now on: an extension of the Chinese identifier network's client. */
    LOGIN(2001, false);

    private final int code;
    private final boolean administrative;

    OpCode(int code, boolean administrative) {
        this.code = code;
        this.administrative = administrative;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** Whether the caller must prove who he is. */
    public boolean administrative() {
        return administrative;
    }

    /** The operation with this number; empty if this node knows none. */
    public static Optional<OpCode> of(int code) {
        for (OpCode op : values()) {
            if (op.code == code) {
                return Optional.of(op);
            }
        }
        return Optional.empty();
    }
}
