package io.waymark.gateway.command;

import java.util.Locale;

/** A command that is not accepted. Stackless: it is an answer. */
public final class CommandRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Why {
        /** There is no such device. */
        UNKNOWN_DEVICE,
        /** It may not connect. */
        DEVICE_DISABLED,
        /** Another command of the device has that id. */
        COMMAND_EXISTS,
        /** As many wait as may. */
        TOO_MANY_COMMANDS;

        /** For programs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Why why;

    CommandRefusedException(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    /** Why not. */
    public Why why() {
        return why;
    }
}
