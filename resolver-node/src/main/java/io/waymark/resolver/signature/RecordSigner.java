package io.waymark.resolver.signature;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.signature.Claims.Life;
import io.waymark.resolver.signature.Claims.Permission;
import io.waymark.resolver.signature.Claims.Scope;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes signature values with one key. Pure; safe for any thread. */
final class RecordSigner {
    static final String CERTIFICATE_TYPE = "HS_CERT";
    private static final int FIRST_INDEX = 400;

    private final KeyPair keys;

    RecordSigner(KeyPair keys) {
        this.keys = keys;
    }

    /**
     * A signature of values, in place of the one the same key made before.
     *
     * @param current what the record holds
     * @param signed which of it is signed
     * @param issuer where the key is
     */
    HandleValue signature(
            Handle handle,
            List<HandleValue> current,
            List<HandleValue> signed,
            ValueReference issuer,
            long nowSeconds,
            Duration life) {
        Claims claims = new Claims(
                issuer,
                handle.text(),
                Optional.of(ValueDigests.sha256(signed)),
                List.of(),
                List.of(),
                Optional.empty(),
                life(nowSeconds, life));
        int index = current.stream()
                .filter(v -> SignatureVerifier.isSignature(v) && isBy(v, issuer))
                .mapToInt(HandleValue::index)
                .findFirst()
                .orElseGet(() -> freeIndex(current));
        return value(index, SignatureVerifier.TYPE, claims, nowSeconds);
    }

    /** The key's own word that it signs for a prefix: where the chain of certificates ends. */
    HandleValue certificate(List<HandleValue> current, ValueReference issuer, long nowSeconds, Duration life) {
        Claims claims = new Claims(
                issuer,
                ClaimsJson.text(issuer),
                Optional.empty(),
                List.of(
                        new Permission(Scope.HANDLES_UNDER_THIS_PREFIX, issuer.handle()),
                        new Permission(Scope.THIS_HANDLE, issuer.handle())),
                List.of(),
                Optional.of(keys.getPublic()),
                life(nowSeconds, life));
        return value(freeIndex(current), CERTIFICATE_TYPE, claims, nowSeconds);
    }

    /** Whether somebody certifies the issuer's key until then. */
    static boolean hasCertificate(List<HandleValue> values, ValueReference issuer, long untilSeconds) {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(CERTIFICATE_TYPE))
                .flatMap(v -> claims(v).stream())
                .anyMatch(c -> Handle.foldAscii(c.subject()).equals(Handle.foldAscii(ClaimsJson.text(issuer)))
                        && c.life().includes(untilSeconds));
    }

    private static Optional<Claims> claims(HandleValue value) {
        try {
            return Optional.of(Claims.of(Jws.parse(value.data())));
        } catch (MalformedSignatureException e) {
            return Optional.empty();
        }
    }

    private HandleValue value(int index, String type, Claims claims, long nowSeconds) {
        Jws jws = Jws.sign(ClaimsJson.encode(claims), keys.getPrivate());
        return HandleValue.text(index, type, jws.compact(), (int) nowSeconds);
    }

    private static Life life(long nowSeconds, Duration life) {
        return new Life(Optional.of(nowSeconds), Optional.of(nowSeconds), Optional.of(nowSeconds + life.toSeconds()));
    }

    private static boolean isBy(HandleValue signature, ValueReference issuer) {
        return claims(signature)
                .map(c ->
                        Handle.foldAscii(ClaimsJson.text(c.issuer())).equals(Handle.foldAscii(ClaimsJson.text(issuer))))
                .orElse(false);
    }

    private static int freeIndex(List<HandleValue> values) {
        int index = FIRST_INDEX;
        while (isTaken(values, index)) {
            index++;
        }
        return index;
    }

    static boolean isTaken(List<HandleValue> values, int index) {
        return values.stream().anyMatch(v -> v.index() == index);
    }
}
