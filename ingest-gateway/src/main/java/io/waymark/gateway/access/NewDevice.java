package io.waymark.gateway.access;

import java.util.List;
import java.util.Optional;

/**
 * A device to be created.
 *
 * @param id MQTT user name and key on Kafka
 * @param group empty for {@code default}
 * @param enabled whether it may connect
 * @param passwords whether it has a password at all
 * @param password generated if absent
 * @param certificates that stand for it
 */
public record NewDevice(
        String id,
        String group,
        boolean enabled,
        boolean passwords,
        Optional<String> password,
        List<String> certificates) {
    /** Brings the certificates into their one form; the rest is checked when the device is created. */
    public NewDevice {
        certificates = DeviceChecks.certificates(certificates);
    }

    /** Enabled, with a password and no certificate. */
    public NewDevice(String id, String group, Optional<String> password) {
        this(id, group, true, true, password, List.of());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "NewDevice[" + id + ", group=" + group + "]";
    }
}
