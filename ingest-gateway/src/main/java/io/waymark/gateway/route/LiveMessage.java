package io.waymark.gateway.route;

import io.waymark.gateway.packet.MessageProperties;

/**
 * An application message on its way to subscribers.
 *
 * @param topic where it was published
 * @param qos as published
 * @param retain as published
 * @param properties as published
 * @param expiresAtNanos on the clock of {@link System#nanoTime}; {@code Long.MAX_VALUE} = never
 * @param payload shared, never written to
 */
public record LiveMessage(
        String topic, int qos, boolean retain, MessageProperties properties, long expiresAtNanos, byte[] payload) {
    /** User property with the id of a command, the first of its message. */
    public static final String COMMAND = "wm-command";

    /** Expiry of a message that has none. */
    public static final long NEVER = Long.MAX_VALUE;

    /** When a message with these properties, received now, expires. */
    public static long expiry(MessageProperties properties, long nowNanos) {
        return properties.expirySeconds() < 0 ? NEVER : nowNanos + properties.expirySeconds() * 1_000_000_000L;
    }

    /** Whether nobody may receive it any more. */
    public boolean isExpired(long nowNanos) {
        return expiresAtNanos != NEVER && expiresAtNanos - nowNanos <= 0;
    }

    /** The properties with the expiry that is left, rounded up to whole seconds. */
    public MessageProperties propertiesAt(long nowNanos) {
        return expiresAtNanos == NEVER
                ? properties
                : properties.withExpirySeconds(
                        Math.max(0, (expiresAtNanos - nowNanos + 999_999_999L) / 1_000_000_000L));
    }

    /** Whether it says it is a command; anybody can say so. */
    public boolean isCommand() {
        return !properties.userProperties().isEmpty()
                && properties.userProperties().get(0).equals(COMMAND);
    }

    /** What it costs to keep, in octets, roughly. */
    public int weight() {
        return 128 + topic.length() + payload.length;
    }
}
