package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ProtocolVersion;
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
import org.jspecify.annotations.Nullable;

/**
 * A key shared with a client, and what is known of him. Messages in a session carry an HMAC and a counter; each counter is
 * taken once. Safe for any thread.
 *
 * @see "RFC 3652 §3.6 Session Setup"
 */
public final class Session implements ResponseEncoder.Signer, ResponseEncoder.Sealer {
    /** However busy, a session ends after this. */
    static final long LIFE_NANOS_MAX = 24 * 3600 * 1_000_000_000L;

    private static final String MAC_NAME = "HMAC-SHA256";
    private static final String MAC_JCA = "HmacSHA256";

    private final int id;
    private final byte[] secret;
    private final SessionCipher cipher;
    private final ValueReference claimed;
    private final long idleNanosMax;
    private final long bornNanos;
    private final CounterWindow counters = new CounterWindow();
    private final AtomicInteger answers = new AtomicInteger();

    private volatile @Nullable ValueReference proven;
    private volatile long usedNanos;

    Session(int id, byte[] secret, ValueReference claimed, long idleNanosMax, long nowNanos) {
        this.id = id;
        this.secret = secret;
        this.cipher = new SessionCipher(secret);
        this.claimed = claimed;
        this.idleNanosMax = idleNanosMax;
        this.bornNanos = nowNanos;
        this.usedNanos = nowNanos;
    }

    int id() {
        return id;
    }

    /** Who the client said he is, when the session was set up. */
    ValueReference claimed() {
        return claimed;
    }

    /** Who he proved to be; empty until he did. */
    Optional<ValueReference> identity() {
        return Optional.ofNullable(proven);
    }

    /** He proved it. */
    void prove(ValueReference identity) {
        proven = identity;
    }

    boolean isExpired(long nowNanos) {
        return nowNanos - usedNanos > idleNanosMax || nowNanos - bornNanos > LIFE_NANOS_MAX;
    }

    /** Takes a message: SUCCESS, INVALID_SESSION_KEY if its MAC is wrong, SESSION_MESSAGE_REJECTED if it was seen before. */
    ResponseCode take(RequestMessage message, long nowNanos) {
        if (!message.envelope().version().atLeast(ProtocolVersion.SHA256)) {
            return ResponseCode.SESSION_FAILED; // older messages do not cover the counter: they could be replayed
        }
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

    @Override
    public byte[] seal(byte[] message) {
        return cipher.seal(message);
    }

    /** What the client encrypted; empty if he cannot have. Says nothing about who sent it: that is the MAC's part. */
    Optional<byte[]> open(byte[] sealed) {
        return cipher.open(sealed);
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
