package io.waymark.gateway.bridge;

import java.time.Instant;

/**
 * How a bridge is doing.
 *
 * @param name of the bridge
 * @param state what it does
 * @param since when that began
 * @param detail what went wrong last, or empty
 */
public record BridgeStatus(String name, State state, Instant since, String detail) {
    /** What a bridge does. */
    public enum State {
        /** Trying to reach its upstream. */
        CONNECTING,
        /** Subscribed; messages flow. */
        CONNECTED,
        /** Subscribed, but the upstream refused some of the filters. */
        PARTLY_REFUSED,
        /** Waiting for the next attempt. */
        WAITING,
        /** Closed. */
        STOPPED
    }
}
