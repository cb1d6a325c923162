package io.waymark.resolver.message;

/**
 * The 20 octets in front of every message, and of every datagram of a sliced one.
 *
 * @param version the message's version
 * @param flags bits of this class
 * @param suggested the highest version the sender speaks
 * @param sessionId the session or challenge the message belongs to; 0 = none
 * @param requestId chosen by the client, repeated in the answer
 * @param sequence number of the datagram, 0 on streams
 * @param messageLength octets of header, body and credential of the whole message
 * @see "RFC 3652 §2.2.1 Message Envelope"
 */
public record Envelope(
        ProtocolVersion version,
        int flags,
        ProtocolVersion suggested,
        int sessionId,
        int requestId,
        int sequence,
        int messageLength) {
    /** Compressed: never seen, never spoken. */
    public static final int COMPRESSED = 0x80;
    /** Header, body and credential are ciphertext. */
    public static final int ENCRYPTED = 0x40;
    /** One of several datagrams. */
    public static final int TRUNCATED = 0x20;

    /** Whether {@code flags} has {@code bit}. */
    public boolean has(int bit) {
        return (flags & bit) != 0;
    }
}
