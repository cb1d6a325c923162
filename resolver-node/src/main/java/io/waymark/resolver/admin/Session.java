package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.CredentialCodec;
import io.waymark.resolver.wire.ResponseEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key shared with a client, and what is known of him. Messages in a session carry an HMAC and a counter; each counter is
 * taken once. Safe for any thread.
 *
 * @see "RFC 3652 §3.6 Session Setup"
 */
public final class Session implements ResponseEncoder.Signer {
    private static final String MAC_NAME = "HMAC-SHA256";
    private static final String MAC_JCA = "HmacSHA256";

    private final int id;
    private final byte[] secret;
    private final ValueReference claimed;
    private final long idleNanosMax;
    private final CounterWindow counters = new CounterWindow();
    private final AtomicInteger answers = new AtomicInteger();

    private volatile boolean authenticated;
    private volatile long usedNanos;

    Session(int id, byte[] secret, ValueReference claimed, long idleNanosMax, long nowNanos) {
        this.id = id;
        this.secret = secret;
        this.claimed = claimed;
        this.idleNanosMax = idleNanosMax;
        this.usedNanos = nowNanos;
    }

    int id() {
        return id;
    }

    /** Who the client said he is, when the session was set up. */
    ValueReference claimed() {
        return claimed;
    }

    boolean authenticated() {
        return authenticated;
    }

    /** He proved it. */
    void authenticate() {
        authenticated = true;
    }

    boolean isExpired(long nowNanos) {
        return nowNanos - usedNanos > idleNanosMax;
    }

    /** Takes a message: SUCCESS, INVALID_SESSION_KEY if its MAC is wrong, SESSION_MESSAGE_REJECTED if it was seen before. */
    ResponseCode take(RequestMessage message, long nowNanos) {
        Optional<Credential> credential = message.credential();
        if (credential.isEmpty() || !isMine(credential.get(), message)) {
            return ResponseCode.INVALID_SESSION_KEY;
        }
        if (!counters.take(credential.get().sessionCounter())) {
            return ResponseCode.SESSION_MESSAGE_REJECTED;
        }
        usedNanos = nowNanos;
        return ResponseCode.SUCCESS;
    }

    private boolean isMine(Credential credential, RequestMessage message) {
        return credential.signatureType().equals(Credential.MAC)
                && credential.digestAlgorithm().equals(MAC_NAME)
                && MessageDigest.isEqual(
                        credential.signature(),
                        mac(CredentialCodec.coveredOctets(
                                message.envelope(), credential.sessionCounter(), message.headerAndBody())));
    }

    @Override
    public Credential sign(Envelope envelope, byte[] headerAndBody) {
        int counter = answers.incrementAndGet();
        byte[] covered = CredentialCodec.coveredOctets(envelope, counter, headerAndBody);
        return new Credential(counter, Credential.MAC, MAC_NAME, mac(covered));
    }

    private byte[] mac(byte[] covered) {
        try {
            Mac mac = Mac.getInstance(MAC_JCA);
            mac.init(new SecretKeySpec(secret, MAC_JCA));
            return mac.doFinal(covered);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC_JCA, e);
        }
    }
}
