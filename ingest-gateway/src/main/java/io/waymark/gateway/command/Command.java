package io.waymark.gateway.command;

import io.waymark.gateway.packet.Topics;

/**
 * A message for one device.
 *
 * @param deviceId for whom
 * @param id names it among the commands of the device
 * @param name added to the device's command topic; may be empty or have levels
 * @param contentType empty if not known
 * @param qos the highest it is sent with, 0..2
 * @param expirySeconds from its acceptance on
 * @param responseTopic where the device is asked to answer; empty if nowhere
 * @param correlation octets the device is to send back, empty if none
 * @param payload not written to
 */
public record Command(
        String deviceId,
        String id,
        String name,
        String contentType,
        int qos,
        long expirySeconds,
        String responseTopic,
        byte[] correlation,
        byte[] payload) {
    /** Longest id, name, content type, response topic in characters, and correlation data in octets. */
    public static final int TEXT_MAX = 256;

    /** @throws IllegalArgumentException naming the value and its bound */
    public Command {
        requireText("device id", deviceId, 1);
        requireText("command id", id, 1);
        requireText("command name", name, 0);
        requireText("content type", contentType, 0);
        requireText("response topic", responseTopic, 0);
        if (Topics.hasWildcard(name) || Topics.hasWildcard(deviceId) || Topics.hasWildcard(responseTopic)) {
            throw new IllegalArgumentException("device id, command name and response topic must have no wildcard");
        }
        if (correlation.length > TEXT_MAX) {
            throw new IllegalArgumentException(
                    "correlation data must have at most " + TEXT_MAX + " octets but has " + correlation.length);
        }
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("QoS must be in 0..2 but was " + qos);
        }
        if (expirySeconds < 1) {
            throw new IllegalArgumentException("expiry must be at least 1 second but was " + expirySeconds);
        }
    }

    private static void requireText(String what, String text, int min) {
        if (text.length() < min || text.length() > TEXT_MAX || Topics.hasControl(text)) {
            throw new IllegalArgumentException(what + " must have " + min + ".." + TEXT_MAX
                    + " characters and no control characters but has " + text.length());
        }
    }
}
