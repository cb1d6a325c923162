package io.waymark.gateway.session;

import java.time.Duration;

/**
 * How much the gateway keeps for its clients.
 *
 * @param sessionsMax connected and remembered clients
 * @param expirySecondsMax longest a session outlives its connection
 * @param subscriptionsMax of one session
 * @param subscriptionsTotalMax of all sessions
 * @param queueCountMax waiting messages of one session
 * @param queueOctetsMax octets of waiting messages of one session
 * @param queueOctetsTotalMax octets of waiting messages of all sessions
 * @param queueAgeMax how long a message waits for a client that is away
 * @param retainedCountMax topics with a retained message
 * @param retainedOctetsMax octets of all retained messages
 * @param willOctetsMax octets of the wills of all clients
 */
public record SessionLimits(
        int sessionsMax,
        long expirySecondsMax,
        int subscriptionsMax,
        int subscriptionsTotalMax,
        int queueCountMax,
        long queueOctetsMax,
        long queueOctetsTotalMax,
        Duration queueAgeMax,
        int retainedCountMax,
        long retainedOctetsMax,
        long willOctetsMax) {
    /**
     * 200 000 sessions of up to a week, 256 subscriptions each and a million in all; 10 000 messages or 4 MiB a session, 2 GiB in
     * all, for a week; 100 000 retained messages, 64 MiB; wills of 64 MiB.
     */
    public static SessionLimits defaults() {
        return new SessionLimits(
                200_000,
                7 * 24 * 3600,
                256,
                1_000_000,
                10_000,
                4 << 20,
                2L << 30,
                Duration.ofDays(7),
                100_000,
                64 << 20,
                64 << 20);
    }
}
