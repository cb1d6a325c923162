package io.waymark.trace.reading;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One accepted device message.
 *
 * @param device device id
 * @param topic MQTT topic, or what stands for it; empty when unknown
 * @param id the message's CloudEvents id, unique within the platform
 * @param receivedAt when the gateway received it
 * @param contentType as declared by the publisher, if it did
 * @param payload as published; not copied, not changed
 */
public record Message(
        String device,
        String topic,
        String id,
        Instant receivedAt,
        @Nullable String contentType,
        byte[] payload) {}
