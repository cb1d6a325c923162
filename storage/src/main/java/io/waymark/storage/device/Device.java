package io.waymark.storage.device;

/**
 * A device that may connect.
 *
 * @param id MQTT user name and key on Kafka
 * @param passwordHash PHC string (Argon2id); never the password
 * @param group for permissions and quotas; {@code default} if none was given
 * @param enabled false: refused at CONNECT
 * @param createdAtMillis milliseconds since 1970 UTC
 */
public record Device(String id, String passwordHash, String group, boolean enabled, long createdAtMillis) {
    /** Hides the hash. */
    @Override
    public String toString() {
        return "Device[" + id + ", group=" + group + ", enabled=" + enabled + "]";
    }
}
