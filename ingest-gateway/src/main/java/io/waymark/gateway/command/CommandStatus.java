package io.waymark.gateway.command;

/**
 * A command as it stands.
 *
 * @param deviceId for whom
 * @param id of the command
 * @param name added to the device's command topic
 * @param state what has become of it
 * @param reason why, when it was refused; else empty
 * @param acceptedAtMillis when it became durable, milliseconds since 1970 UTC
 * @param expiresAtMillis when nobody gets it any more
 * @param changedAtMillis when it came into this state
 */
public record CommandStatus(
        String deviceId,
        String id,
        String name,
        CommandState state,
        String reason,
        long acceptedAtMillis,
        long expiresAtMillis,
        long changedAtMillis) {}
