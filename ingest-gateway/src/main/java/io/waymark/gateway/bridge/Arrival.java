package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.MessageProperties;
import java.util.Arrays;

/**
 * A message as an upstream sent it.
 *
 * @param topic as published there
 * @param qos of this delivery
 * @param retain whether its topic is to hold it; only 5.0 says so of messages published while the bridge is connected
 * @param duplicate whether the upstream has sent it before
 * @param packetId 0 for QoS 0
 * @param properties as published
 * @param payload not copied, never written to
 */
record Arrival(
        String topic,
        int qos,
        boolean retain,
        boolean duplicate,
        int packetId,
        MessageProperties properties,
        byte[] payload) {
    /** Whether the other delivery is of the same message. */
    boolean repeats(Arrival other) {
        return packetId == other.packetId
                && qos == other.qos
                && topic.equals(other.topic)
                && Arrays.equals(payload, other.payload);
    }
}
