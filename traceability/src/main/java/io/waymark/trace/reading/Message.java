package io.waymark.trace.reading;

import java.time.Instant;

/**
 * One accepted device message.
 *
 * @param device device id
 * @param topic MQTT topic, or what stands for it; empty when unknown
 * @param id the message's CloudEvents id, unique within the platform
 * @param receivedAt when the gateway received it
 * @param payload as published; not copied, not changed
 */
public record Message(String device, String topic, String id, Instant receivedAt, byte[] payload) {}
