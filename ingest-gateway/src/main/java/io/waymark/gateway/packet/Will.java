package io.waymark.gateway.packet;

/**
 * What the server publishes for a client that goes away without saying so.
 *
 * @param topic where
 * @param qos 0, 1 or 2
 * @param retain whether it is retained
 * @param delaySeconds 0..4294967295; how long the server waits for the client to come back
 * @param properties of the message
 * @param payload owned by the will
 * @see "MQTT 5.0 §3.1.2.5"
 */
public record Will(
        String topic, int qos, boolean retain, long delaySeconds, MessageProperties properties, byte[] payload) {}
