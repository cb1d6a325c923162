package io.waymark.platform.bench;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Who publishes, and what.
 *
 * @param version 4 = MQTT 3.1.1, 5 = MQTT 5.0
 * @param clientId MQTT client identifier
 * @param user user name, or null
 * @param password password, or null
 * @param topic UTF-8
 * @param qos 0, 1, 2
 * @param payload the same every time
 */
record MqttPublisher(
        int version,
        String clientId,
        @Nullable String user,
        @Nullable String password,
        byte[] topic,
        int qos,
        byte[] payload) {
    /** An upper bound of the CONNECT packet. */
    int connectBytes() {
        return 32 + 3 * clientId.length() + utf8Length(user) + utf8Length(password);
    }

    private static int utf8Length(@Nullable String s) {
        return s == null ? 0 : s.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Hides the password. */
    @Override
    public String toString() {
        return "MqttPublisher[" + clientId + "]";
    }
}
