package io.waymark.storage.device;

/**
 * A device that may connect.
 *
 * @param id MQTT user name and key on Kafka
 * @param passwordHash PHC string (Argon2id); never the password
 * @param scram verifier of SCRAM-SHA-256 in the text form of RFC 5803, empty if there is none; never the password
 * @param group for permissions and quotas; {@code default} if none was given
 * @param enabled false: refused at CONNECT
 * @param createdAtMillis milliseconds since 1970 UTC
 */
public record Device(
        String id, String passwordHash, String scram, String group, boolean enabled, long createdAtMillis) {
    /** Without SCRAM. */
    public Device(String id, String passwordHash, String group, boolean enabled, long createdAtMillis) {
        this(id, passwordHash, "", group, enabled, createdAtMillis);
    }

    /** Hides hash and verifier. */
    @Override
    public String toString() {
        return "Device[" + id + ", group=" + group + ", enabled=" + enabled + "]";
    }
}
