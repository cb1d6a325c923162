package io.waymark.resolver.message;

/**
 * Who vouches for a message.
 *
 * @param sessionCounter the sender's count of messages in the session; 0 outside one
 * @param signatureType {@link #SIGNED} or {@link #MAC}
 * @param digestAlgorithm for example {@code SHA-256} or {@code HMAC-SHA256}
 * @param signature owned by the value, never written
 * @see "RFC 3652 §2.2.4 Message Credential"
 */
public record Credential(int sessionCounter, String signatureType, String digestAlgorithm, byte[] signature) {
    /** Signed with the server's private key. */
    public static final String SIGNED = "HS_SIGNED";
    /** Authenticated with the session's key. */
    public static final String MAC = "HS_MAC";

    private static final String SIGNED_BEFORE = "HS_DSAPUBKEY";

    /** Whether it is a signature, by any of the names for that. */
    public boolean isSignature() {
        return signatureType.equals(SIGNED) || signatureType.equals(SIGNED_BEFORE);
    }
}
