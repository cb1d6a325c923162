package io.waymark.storage.device;

import java.util.List;

/**
 * A device that may connect.
 *
 * @param id MQTT user name and key on Kafka
 * @param passwordHash PHC string (Argon2id), empty for a device without password; never the password
 * @param scram verifier of SCRAM-SHA-256 in the text form of RFC 5803, empty if there is none; never the password
 * @param group for permissions and quotas; {@code default} if none was given
 * @param enabled false: refused at CONNECT
 * @param createdAtMillis milliseconds since 1970 UTC
 * @param certificates names of the client certificates that stand for it, none of which stands for another device
 */
public record Device(
        String id,
        String passwordHash,
        String scram,
        String group,
        boolean enabled,
        long createdAtMillis,
        List<String> certificates) {
    /** Copies the certificates. */
    public Device {
        certificates = List.copyOf(certificates);
    }

    /** Without certificates. */
    public Device(String id, String passwordHash, String scram, String group, boolean enabled, long createdAtMillis) {
        this(id, passwordHash, scram, group, enabled, createdAtMillis, List.of());
    }

    /** Without SCRAM. */
    public Device(String id, String passwordHash, String group, boolean enabled, long createdAtMillis) {
        this(id, passwordHash, "", group, enabled, createdAtMillis);
    }

    /** The same with other secrets. */
    public Device withSecrets(String newPasswordHash, String newScram) {
        return new Device(id, newPasswordHash, newScram, group, enabled, createdAtMillis, certificates);
    }

    /** The same, enabled or not. */
    public Device withEnabled(boolean isEnabled) {
        return new Device(id, passwordHash, scram, group, isEnabled, createdAtMillis, certificates);
    }

    /** The same in another group. */
    public Device withGroup(String newGroup) {
        return new Device(id, passwordHash, scram, newGroup, enabled, createdAtMillis, certificates);
    }

    /** The same with other certificates. */
    public Device withCertificates(List<String> newCertificates) {
        return new Device(id, passwordHash, scram, group, enabled, createdAtMillis, newCertificates);
    }

    /** Hides hash and verifier. */
    @Override
    public String toString() {
        return "Device[" + id + ", group=" + group + ", enabled=" + enabled + "]";
    }
}
