package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.wire.CredentialCodec;
import java.security.GeneralSecurityException;

/**
 * Another node's public key, as its site record shows it: the counterpart of {@link NodeKey}. Safe for any thread.
 *
 * @see "RFC 3652 §2.2.4 Message Credential"
 */
public final class ServerKey {
    private final ProofKey key;

    private ServerKey(ProofKey key) {
        this.key = key;
    }

    /**
     * Reads a key.
     *
     * @throws MalformedRecordException if it is none, or one of a kind or size not used here
     */
    public static ServerKey decode(byte[] octets) throws MalformedRecordException {
        return new ServerKey(ProofKey.decode(octets));
    }

    /**
     * Whether the key's owner signed a message. Takes a fraction of a millisecond.
     *
     * @param envelope of the message
     * @param headerAndBody of the message
     * @param credential that came with it
     */
    public boolean vouchesFor(Envelope envelope, byte[] headerAndBody, Credential credential) {
        byte[] covered = CredentialCodec.coveredOctets(envelope, credential.sessionCounter(), headerAndBody);
        try {
            return credential.isSignature()
                    && key.verify(credential.digestAlgorithm(), covered, credential.signature(), "")
                            .orElse(false);
        } catch (GeneralSecurityException e) {
            return false; // a signature of another length than the key's
        }
    }
}
