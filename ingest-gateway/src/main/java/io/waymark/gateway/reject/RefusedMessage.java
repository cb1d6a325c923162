package io.waymark.gateway.reject;

import java.util.List;

/**
 * A message that was not taken.
 *
 * @param reason a word, one of few: it is counted by
 * @param detail a sentence
 * @param deviceId who sent it
 * @param group its device group
 * @param proven whether the sender has proved who it is
 * @param topic where it was to go; may be empty or no topic at all
 * @param qos 0, 1, 2
 * @param receivedAtMillis milliseconds since 1970 UTC
 * @param contentType as the sender declared it, or empty
 * @param properties user properties, name and value alternating
 * @param payload not copied unless it is cut, never written to
 */
public record RefusedMessage(
        String reason,
        String detail,
        String deviceId,
        String group,
        boolean proven,
        String topic,
        int qos,
        long receivedAtMillis,
        String contentType,
        List<String> properties,
        byte[] payload) {}
