package io.waymark.forward;

import java.util.Locale;

/**
 * What the forwarder is doing.
 *
 * <pre>
 *  CONNECTING → FORWARDING ⇄ BACKING_OFF
 *  any        → WAITING_FOR_TOPICS → FORWARDING
 *  FORWARDING ⇄ BLOCKED                   (a record Kafka does not take)
 *  FORWARDING → FENCED                    (for good)
 *  any        → STOPPED
 * </pre>
 */
public enum ForwardState {
    /** Started: Kafka is asked for the transactional id and the position. */
    CONNECTING,
    /** Kafka answers, but a topic does not exist. */
    WAITING_FOR_TOPICS,
    /** Entries flow, or would if there were any. */
    FORWARDING,
    /** Kafka failed; trying again until it answers. The queue grows. */
    BACKING_OFF,
    /** A record is larger than the topic takes; trying again, because only the topic's configuration can help. */
    BLOCKED,
    /** Another process has this id. Nothing more is forwarded until this process is restarted. */
    FENCED,
    /** Closed. */
    STOPPED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower-case name for metrics. */
    public String label() {
        return label;
    }
}
