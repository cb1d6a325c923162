package io.waymark.resolver.signature;

import io.waymark.identifier.handle.ValueReference;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * What a signature says. Of a record: these are its values. Of a key ({@code HS_CERT}): this is the key of the subject, who
 * may sign for these handles.
 *
 * @param issuer whose key signed it
 * @param subject a handle; of a key {@code index:handle}
 * @param digests of the values signed; empty in what certifies a key
 * @param permissions what the subject's key may sign
 * @param chain where to look for who vouches for the issuer, nearest first; empty: at the issuer himself
 * @param publicKey the subject's
 * @param life when it holds
 * @see "RFC 7519 §4.1 Registered Claim Names"
 */
public record Claims(
        ValueReference issuer,
        String subject,
        Optional<Digests> digests,
        List<Permission> permissions,
        List<ValueReference> chain,
        Optional<PublicKey> publicKey,
        Life life) {
    /**
     * Digests of values.
     *
     * @param algorithm for example {@code SHA-256}
     * @param values in the order written; no index twice
     */
    public record Digests(String algorithm, List<Digest> values) {
        /** Copies the list. */
        public Digests {
            values = List.copyOf(values);
        }
    }

    /**
     * The digest of a value.
     *
     * @param index the value's
     * @param base64 the digest's octets
     */
    public record Digest(int index, String base64) {}

    /**
     * What a key may sign.
     *
     * @param scope how far it reaches
     * @param handle where it begins; empty for everything
     */
    public record Permission(Scope scope, String handle) {}

    /** How far a permission reaches. */
    public enum Scope {
        /** Every handle. */
        EVERYTHING("everything"),
        /** The handle named, and if it is a prefix handle, those of the prefix. */
        THIS_HANDLE("thisHandle"),
        /** Handles of prefixes derived from the one named, and their prefix handles. */
        DERIVED_PREFIXES("derivedPrefixes"),
        /** Handles of the prefix named. */
        HANDLES_UNDER_THIS_PREFIX("handlesUnderThisPrefix");

        private final String word;

        Scope(String word) {
            this.word = word;
        }

        /** As it is written. */
        String word() {
            return word;
        }
    }

    /**
     * When a signature holds, in seconds since 1970 UTC.
     *
     * @param issuedAt empty if not told
     * @param notBefore empty if it always did
     * @param expires empty if it always will
     */
    public record Life(Optional<Long> issuedAt, Optional<Long> notBefore, Optional<Long> expires) {
        /** Whether it holds at that time. */
        boolean includes(long seconds) {
            return notBefore.map(from -> seconds >= from).orElse(true)
                    && expires.map(to -> seconds <= to).orElse(true);
        }
    }

    /**
     * Reads what a signature says, whether or not it is true.
     *
     * @throws MalformedSignatureException if its payload are no claims
     */
    public static Claims of(Jws jws) throws MalformedSignatureException {
        return ClaimsJson.decode(jws.payload());
    }

    /** Copies the lists. */
    public Claims {
        permissions = List.copyOf(permissions);
        chain = List.copyOf(chain);
    }
}
