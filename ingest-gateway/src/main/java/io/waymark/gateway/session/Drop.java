package io.waymark.gateway.session;

/** Why a message is not delivered. */
public enum Drop {
    /** QoS 0 and nobody connected. */
    OFFLINE,
    /** The queue holds as many messages as it may. */
    QUEUE_COUNT,
    /** The queue holds as many octets as it may. */
    QUEUE_BYTES,
    /** All queues together hold as many octets as they may. */
    QUEUES_BYTES,
    /** Its expiry, or the time it may wait, passed. */
    EXPIRED,
    /** The client does not take packets of that size. */
    PACKET_TOO_LARGE,
    /** What the store holds in its place cannot be read. */
    DAMAGED,
    /** The session ended. */
    SESSION_ENDED
}
