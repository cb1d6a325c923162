package io.waymark.gateway.packet;

import java.util.List;

/**
 * The properties that travel with an application message from publisher to subscriber unchanged, except that the expiry
 * shrinks by the time spent here.
 *
 * @param payloadFormat 0 octets, 1 UTF-8 text, -1 not said
 * @param expirySeconds 0..4294967295, or -1 for never
 * @param contentType empty when not said
 * @param responseTopic empty when not said
 * @param correlation octets, empty when not said
 * @param userProperties names and values alternating, in the publisher's order
 * @see "MQTT 5.0 §3.3.2.3"
 */
public record MessageProperties(
        int payloadFormat,
        long expirySeconds,
        String contentType,
        String responseTopic,
        byte[] correlation,
        List<String> userProperties) {
    /** Nothing said: every 3.1.1 message and most others. */
    public static final MessageProperties NONE = new MessageProperties(-1, -1, "", "", new byte[0], List.of());

    /** Copies the list. */
    public MessageProperties {
        userProperties = List.copyOf(userProperties);
        if (userProperties.size() % 2 != 0) {
            throw new IllegalArgumentException(
                    "user properties must alternate names and values but there were " + userProperties.size());
        }
    }

    /** The same with another expiry. */
    public MessageProperties withExpirySeconds(long seconds) {
        return seconds == expirySeconds
                ? this
                : new MessageProperties(
                        payloadFormat, seconds, contentType, responseTopic, correlation, userProperties);
    }
}
