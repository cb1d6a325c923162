package io.waymark.gateway.access;

import io.waymark.storage.device.Device;
import org.jspecify.annotations.Nullable;

/**
 * What came of checking credentials.
 *
 * @param kind the answer
 * @param device which, null unless accepted
 * @param credential with what it was proved
 */
public record Verdict(Kind kind, @Nullable Device device, Credential credential) {
    /** The answer. */
    public enum Kind {
        /** They are right. */
        ACCEPTED,
        /** Unknown user or wrong password; nobody is told which. */
        WRONG,
        /** Right, but the device is disabled. */
        DISABLED,
        /** Too many are waiting to be checked; try again later. */
        BUSY,
        /** The device store failed. */
        FAILED
    }

    /** Nobody could look. */
    public static final Verdict BUSY = of(Kind.BUSY);
    /** Unknown or wrong. */
    public static final Verdict WRONG = of(Kind.WRONG);

    static Verdict of(Kind kind) {
        return new Verdict(kind, null, Credential.NONE);
    }

    static Verdict accepted(Device device, Credential credential) {
        return device.enabled() ? new Verdict(Kind.ACCEPTED, device, credential) : of(Kind.DISABLED);
    }

    /** The device of an accepting verdict. */
    public Device accepted() {
        Device known = device;
        if (known == null) {
            throw new IllegalStateException("only an accepting verdict has a device, not " + kind);
        }
        return known;
    }
}
