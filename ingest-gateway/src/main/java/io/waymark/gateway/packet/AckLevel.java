package io.waymark.gateway.packet;

import java.util.Locale;

/** What must have happened to a message before its publisher is told that it was taken. */
public enum AckLevel {
    /** It was read. A crash loses what was acknowledged within the last moments. QoS 2 waits for the spool nevertheless. */
    MEMORY,
    /** It is on this gateway's disk. */
    SPOOL,
    /** Kafka has committed it, on as many brokers as the topic demands. */
    KAFKA;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower-case name for clients and metrics. */
    public String label() {
        return label;
    }
}
