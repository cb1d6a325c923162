package io.waymark.trace.capture;

/**
 * Where a reading came from.
 *
 * @param device device id
 * @param topic MQTT topic of the message; may be empty
 * @param messageId CloudEvents id of the message; may be empty
 */
public record Provenance(String device, String topic, String messageId) {}
