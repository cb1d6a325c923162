package io.waymark.gateway.session;

/** How a client's PUBREC is answered. */
public enum Received {
    /** With PUBREL. */
    RELEASE,
    /** With PUBREL as soon as the store knows: say {@link OutboundQueue#released} then. */
    STORE,
    /** Not at all: the client refused the message, it is done. */
    DONE,
    /** With PUBREL "packet identifier not found". */
    UNKNOWN,
    /** It is a protocol error: that identifier was not sent with QoS 2. */
    WRONG
}
