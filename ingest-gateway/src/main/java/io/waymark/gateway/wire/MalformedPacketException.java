package io.waymark.gateway.wire;

import io.waymark.gateway.packet.ReasonCode;

/** The octets are not a packet this server accepts. Has no stack trace: it tells about the peer, not about us. */
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    /**
     * @param reason what a DISCONNECT or CONNACK says
     * @param message what was wrong, with value and bound
     */
    public MalformedPacketException(ReasonCode reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** What a DISCONNECT or CONNACK says. */
    public ReasonCode reason() {
        return reason;
    }

    static MalformedPacketException malformed(String message) {
        return new MalformedPacketException(ReasonCode.MALFORMED_PACKET, message);
    }

    static MalformedPacketException protocolError(String message) {
        return new MalformedPacketException(ReasonCode.PROTOCOL_ERROR, message);
    }
}
