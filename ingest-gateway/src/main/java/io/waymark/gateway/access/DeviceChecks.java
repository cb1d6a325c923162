package io.waymark.gateway.access;

import io.waymark.gateway.packet.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bounds of what may be said about a device. Pure; refusals are {@link IllegalArgumentException}s that name value and bound. */
public final class DeviceChecks {
    /** Most certificates of one device: enough to roll over one after the other. */
    public static final int CERTIFICATES_MAX = 16;

    private DeviceChecks() {}

    /** An id may be everything an MQTT user name may, up to the length of a client identifier. */
    public static void requireId(String id) {
        requireName("device id", id, DeviceRegistry.ID_MAX);
    }

    /** A group's name becomes part of topics. */
    public static void requireGroup(String group) {
        requireName("device group", group, DeviceRegistry.GROUP_MAX);
        if (group.startsWith("$")) {
            throw new IllegalArgumentException("device group must not begin with $, which is the gateway's own");
        }
    }

    private static void requireName(String what, String value, int max) {
        if (value.isEmpty() || value.length() > max) {
            throw new IllegalArgumentException(what + " must have 1.." + max + " characters but has " + value.length());
        }
        if (Topics.hasControl(value)) {
            throw new IllegalArgumentException(what + " must not hold control characters");
        }
    }

    /** Long enough not to be guessed, short enough to be hashed. */
    public static void requirePassword(String secret) {
        int octets = secret.getBytes(StandardCharsets.UTF_8).length;
        if (secret.length() < DeviceRegistry.PASSWORD_MIN || octets > PasswordHash.PASSWORD_OCTETS_MAX) {
            throw new IllegalArgumentException("password must have " + DeviceRegistry.PASSWORD_MIN + " characters to "
                    + PasswordHash.PASSWORD_OCTETS_MAX + " octets but has " + secret.length() + " characters");
        }
    }

    /** In their one form, each once. */
    public static List<String> certificates(List<String> names) {
        List<String> parsed =
                names.stream().map(CertificateNames::parse).distinct().toList();
        if (parsed.size() > CERTIFICATES_MAX) {
            throw new IllegalArgumentException(
                    "a device may name at most " + CERTIFICATES_MAX + " certificates but names " + parsed.size());
        }
        return parsed;
    }
}
