package io.waymark.gateway.session;

import java.time.Duration;

/**
 * How much the gateway keeps for its clients.
 *
 * @param sessionsMax connected and remembered clients
 * @param expirySecondsMax longest a session outlives its connection
 * @param subscriptions what clients may subscribe to
 * @param queues messages that wait for clients
 * @param retained retained messages
 * @param willOctetsMax octets of the wills of all clients
 */
public record SessionLimits(
        int sessionsMax,
        long expirySecondsMax,
        SubscriptionLimits subscriptions,
        QueueLimits queues,
        RetainedLimits retained,
        long willOctetsMax) {
    /**
     * Subscriptions.
     *
     * @param max of one session
     * @param totalMax of all sessions
     */
    public record SubscriptionLimits(int max, int totalMax) {}

    /**
     * Waiting messages.
     *
     * @param countMax of one session
     * @param octetsMax of one session
     * @param octetsTotalMax of all sessions
     * @param ageMax how long a message waits for a client that is away
     */
    public record QueueLimits(int countMax, long octetsMax, long octetsTotalMax, Duration ageMax) {}

    /**
     * Retained messages.
     *
     * @param countMax topics that have one
     * @param octetsMax of all of them
     */
    public record RetainedLimits(int countMax, long octetsMax) {}

    /**
     * 200 000 sessions of up to a week, 256 subscriptions each and a million in all; 10 000 messages or 4 MiB a session, 2 GiB in
     * all, for a week; 100 000 retained messages, 64 MiB; wills of 64 MiB.
     */
    public static SessionLimits defaults() {
        return new SessionLimits(
                200_000,
                7 * 24 * 3600,
                new SubscriptionLimits(256, 1_000_000),
                new QueueLimits(10_000, 4 << 20, 2L << 30, Duration.ofDays(7)),
                new RetainedLimits(100_000, 64 << 20),
                64 << 20);
    }
}
