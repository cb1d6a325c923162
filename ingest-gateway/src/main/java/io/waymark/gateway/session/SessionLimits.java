package io.waymark.gateway.session;

/**
 * How much the gateway keeps for its clients.
 *
 * @param sessionsMax connected and remembered clients
 * @param expirySecondsMax longest a session outlives its connection
 * @param subscriptionsMax of one session
 * @param queueCountMax waiting messages of one session
 * @param queueOctetsMax octets of waiting messages of one session
 * @param retainedCountMax topics with a retained message
 * @param retainedOctetsMax octets of all retained messages
 */
public record SessionLimits(
        int sessionsMax,
        long expirySecondsMax,
        int subscriptionsMax,
        int queueCountMax,
        long queueOctetsMax,
        int retainedCountMax,
        long retainedOctetsMax) {
    /** 200 000 sessions of up to a week, 256 subscriptions, 10 000 messages or 4 MiB each; 10 000 retained, 32 MiB. */
    public static SessionLimits defaults() {
        return new SessionLimits(200_000, 7 * 24 * 3600, 256, 10_000, 4 << 20, 10_000, 32 << 20);
    }
}
