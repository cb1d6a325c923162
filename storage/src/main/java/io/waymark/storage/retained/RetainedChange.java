package io.waymark.storage.retained;

import org.jspecify.annotations.Nullable;

/**
 * What a topic holds from now on.
 *
 * @param topic 1..65535 octets of UTF-8
 * @param message opaque, not written to; null = nothing
 */
public record RetainedChange(String topic, byte @Nullable [] message) {
    /** Octets it takes in a write batch. */
    public int octets() {
        return topic.length() + (message == null ? 0 : message.length);
    }
}
