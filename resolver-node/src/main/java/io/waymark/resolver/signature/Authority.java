package io.waymark.resolver.signature;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.signature.Claims.Permission;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Whose keys may sign for a handle. A key in the handle's own prefix handle may, or in that of a prefix it is derived from:
 * those records are changed by the prefix's administrators alone. Any other key needs a certificate ({@code HS_CERT}) that
 * grants it the handle, signed by a key that may, directly or through further certificates; at most {@value #DEPTH_MAX}
 * are followed.
 */
final class Authority {
    private static final int DEPTH_MAX = 8;
    private static final int CERTIFICATES_MAX = 16;
    private static final String PREFIXES = "0.NA/";

    private final Function<Handle, Optional<List<HandleValue>>> records;
    private final long nowSeconds;

    /**
     * @param records with their public values
     */
    Authority(Function<Handle, Optional<List<HandleValue>>> records, long nowSeconds) {
        this.records = records;
        this.nowSeconds = nowSeconds;
    }

    /**
     * The issuer's key.
     *
     * @throws MalformedSignatureException saying why he may not sign for the handle
     */
    PublicKey keyOf(Claims claims, Handle handle) throws MalformedSignatureException {
        return keyOf(claims.issuer(), claims.chain(), handle, new HashSet<>());
    }

    private PublicKey keyOf(ValueReference issuer, List<ValueReference> chain, Handle handle, Set<String> seen)
            throws MalformedSignatureException {
        String name = ClaimsJson.text(issuer);
        if (isPrefixOf(issuer.handle(), handle)) {
            return PublicKeys.fromHandle(publicKey(issuer).data());
        }
        if (!seen.add(Handle.foldAscii(name)) || seen.size() > DEPTH_MAX) {
            throw new MalformedSignatureException("the certificates of " + name + " lead in a circle or too far");
        }
        ValueReference place = chain.isEmpty() ? new ValueReference(issuer.handle(), 0) : chain.get(0);
        Jws certificate = certificate(place, name);
        Claims granted = Claims.of(certificate);
        refuseUnfit(granted, name, handle);
        List<ValueReference> rest = chain.isEmpty() ? granted.chain() : chain.subList(1, chain.size());
        PublicKey grantor = keyOf(granted.issuer(), rest.isEmpty() ? granted.chain() : rest, handle, seen);
        if (!certificate.isBy(grantor)) {
            throw new MalformedSignatureException(
                    "the certificate of " + name + " was not signed by " + ClaimsJson.text(granted.issuer()));
        }
        return granted.publicKey().orElseThrow(() -> new MalformedSignatureException("certificate names no key"));
    }

    private void refuseUnfit(Claims granted, String name, Handle handle) throws MalformedSignatureException {
        if (!isSame(granted.subject(), name)) {
            throw new MalformedSignatureException("the certificate is about " + granted.subject() + ", not " + name);
        }
        if (!granted.life().includes(nowSeconds)) {
            throw new MalformedSignatureException("the certificate of " + name + " does not hold now");
        }
        if (granted.permissions().stream().noneMatch(p -> covers(p, handle))) {
            throw new MalformedSignatureException(name + " is not permitted to sign for " + handle.text());
        }
    }

    private HandleValue publicKey(ValueReference at) throws MalformedSignatureException {
        return values(at.handle()).stream()
                .filter(v -> v.index() == at.index() && hasType(v, "HS_PUBKEY"))
                .findFirst()
                .orElseThrow(() -> new MalformedSignatureException("there is no key at " + ClaimsJson.text(at)));
    }

    /** The certificate at an index; or of a record's certificates about the subject the one issued last. */
    private Jws certificate(ValueReference at, String subject) throws MalformedSignatureException {
        List<HandleValue> certificates = values(at.handle()).stream()
                .filter(v -> hasType(v, "HS_CERT") && (at.index() == 0 || at.index() == v.index()))
                .limit(CERTIFICATES_MAX)
                .toList();
        return certificates.stream()
                .flatMap(v -> about(v, subject).stream())
                .max(Comparator.comparingLong(Issued::at))
                .map(Issued::certificate)
                .orElseThrow(() -> new MalformedSignatureException("nobody vouches for " + subject));
    }

    private record Issued(Jws certificate, long at) {}

    private static Optional<Issued> about(HandleValue value, String subject) {
        try {
            Jws jws = Jws.parse(value.data());
            Claims claims = Claims.of(jws);
            return isSame(claims.subject(), subject)
                    ? Optional.of(new Issued(jws, claims.life().issuedAt().orElse(0L)))
                    : Optional.empty();
        } catch (MalformedSignatureException e) {
            return Optional.empty();
        }
    }

    private List<HandleValue> values(String handle) {
        try {
            return records.apply(Handle.parse(handle)).orElse(List.of());
        } catch (MalformedIdentifierException e) {
            return List.of();
        }
    }

    private static boolean hasType(HandleValue v, String type) {
        return Handle.foldAscii(v.type()).equals(type);
    }

    private static boolean isSame(String a, String b) {
        return Handle.foldAscii(a).equals(Handle.foldAscii(b));
    }

    // --- reach

    static boolean covers(Permission permission, Handle handle) {
        String at = Handle.foldAscii(permission.handle());
        return switch (permission.scope()) {
            case EVERYTHING -> true;
            case THIS_HANDLE -> at.equals(handle.canonical()) || isUnder(handle, at);
            case HANDLES_UNDER_THIS_PREFIX -> isUnder(handle, at);
            case DERIVED_PREFIXES ->
                isDerived(handle.canonical(), at)
                        || isDerived(handle.prefixHandle().canonical(), at);
        };
    }

    private static boolean isUnder(Handle handle, String prefixHandle) {
        return handle.prefixHandle().canonical().equals(prefixHandle);
    }

    private static boolean isDerived(String prefixHandle, String ancestor) {
        return prefixHandle.startsWith(PREFIXES)
                && ancestor.startsWith(PREFIXES)
                && prefixHandle.startsWith(ancestor + '.');
    }

    /** Whether the first is the prefix handle of the second, of a prefix that is derived from, or the very same. */
    private static boolean isPrefixOf(String issuer, Handle handle) {
        String at = Handle.foldAscii(issuer);
        return at.startsWith(PREFIXES)
                && (at.equals(handle.canonical())
                        || isUnder(handle, at)
                        || isDerived(handle.canonical(), at)
                        || isDerived(handle.prefixHandle().canonical(), at));
    }
}
