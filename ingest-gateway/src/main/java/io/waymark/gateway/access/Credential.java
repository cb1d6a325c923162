package io.waymark.gateway.access;

import io.waymark.storage.device.Device;

/**
 * With what a connection proved who it is: enough to tell whether the device as it is now would still be let in.
 *
 * @param kind of proof
 * @param value what it was checked against: stored password hash, SCRAM verifier or the certificate's registered name
 */
public record Credential(Kind kind, String value) {
    /** Nothing was proved: an anonymous client. */
    public static final Credential NONE = new Credential(Kind.NONE, "");

    /** Of proof. */
    public enum Kind {
        /** None was asked for. */
        NONE,
        /** User name and password. */
        PASSWORD,
        /** SCRAM-SHA-256. */
        SCRAM,
        /** A client certificate the device names. */
        CERTIFICATE,
        /** A client certificate that the settings give to the device. */
        CERTIFICATE_BY_SETTING
    }

    /** Whether a device proves the same as before. */
    public boolean stillProves(Device now) {
        return switch (kind) {
            case NONE -> true;
            case PASSWORD -> value.equals(now.passwordHash());
            case SCRAM -> value.equals(now.scram());
            case CERTIFICATE -> now.certificates().contains(value);
            case CERTIFICATE_BY_SETTING -> now.certificates().isEmpty();
        };
    }

    /** Without what it was checked against. */
    @Override
    public String toString() {
        return "Credential[" + kind + "]";
    }
}
