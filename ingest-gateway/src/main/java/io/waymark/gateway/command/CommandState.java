package io.waymark.gateway.command;

import java.util.Locale;

/**
 * What has become of a command. ACCEPTED → QUEUED → ACCEPTED … as the device goes and comes; from either to DELIVERED, EXPIRED or
 * REFUSED, which are final.
 */
public enum CommandState {
    /** Durable, and on its way if the device is connected. */
    ACCEPTED(1, false),
    /** Waits for the device. */
    QUEUED(2, false),
    /** The device acknowledged it, or was sent it with QoS 0. */
    DELIVERED(3, true),
    /** The device had not acknowledged it in time; one that was sent it just before may act on it all the same. */
    EXPIRED(4, true),
    /** Nobody will get it; there is a reason. */
    REFUSED(5, true);

    private final int code;
    private final boolean isFinal;

    CommandState(int code, boolean isFinal) {
        this.code = code;
        this.isFinal = isFinal;
    }

    /** On disk. */
    byte code() {
        return (byte) code;
    }

    static CommandState of(byte code) {
        for (CommandState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new IllegalArgumentException("command state must be in 1..5 but was " + code);
    }

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
        return isFinal;
    }

    /** As on Kafka and over HTTP. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
