package io.waymark.resolver.message;

/**
 * The 24 octets in front of a message's body.
 *
 * @param opCode what is asked, see {@link OpCode}
 * @param responseCode 0 in a request, else see {@link ResponseCode}
 * @param opFlags bits of {@link OpFlags}
 * @param siteSerial serial number of the site record the client used, or the server's current one; 0xFFFF = unknown
 * @param recursionCount how often the request was passed on
 * @param expirationSeconds the message is void after this, seconds since 1970 UTC
 * @param bodyLength octets of the body
 * @see "RFC 3652 §2.2.2 Message Header"
 */
public record Header(
        int opCode,
        int responseCode,
        int opFlags,
        int siteSerial,
        int recursionCount,
        int expirationSeconds,
        int bodyLength) {
    /** Whether {@code opFlags} has {@code bit}. */
    public boolean has(int bit) {
        return OpFlags.has(opFlags, bit);
    }
}
