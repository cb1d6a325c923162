package io.waymark.resolver.signature;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.signature.Claims.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Verifies the signatures in records: at most {@value #SIGNATURES_MAX} of each. Safe for any thread. */
public final class SignatureVerifier {
    /** The type of signature values. */
    public static final String TYPE = "HS_SIGNATURE";
    /** Most signatures looked at in one record. */
    public static final int SIGNATURES_MAX = 8;

    private static final Claims.Life UNKNOWN = new Claims.Life(Optional.empty(), Optional.empty(), Optional.empty());

    private final Function<Handle, Optional<List<HandleValue>>> records;

    /**
     * @param records finds keys and certificates
     */
    public SignatureVerifier(Function<Handle, Optional<List<HandleValue>>> records) {
        this.records = handle -> records.apply(handle)
                .map(values -> values.stream().filter(HandleValue::isPublic).toList());
    }

    /** Whether the value is a signature. */
    public static boolean isSignature(HandleValue v) {
        return Handle.foldAscii(v.type()).equals(TYPE);
    }

    /** Judges the signatures among a record's public values, in order of their indexes. */
    public List<SignatureReport> verify(Handle handle, List<HandleValue> values, long nowSeconds) {
        List<HandleValue> open = values.stream().filter(HandleValue::isPublic).toList();
        return open.stream()
                .filter(SignatureVerifier::isSignature)
                .sorted(java.util.Comparator.comparingInt(HandleValue::index))
                .limit(SIGNATURES_MAX)
                .map(signature -> verify(handle, open, signature, nowSeconds))
                .toList();
    }

    private SignatureReport verify(Handle handle, List<HandleValue> values, HandleValue value, long nowSeconds) {
        try {
            Jws jws = Jws.parse(value.data());
            Claims claims = Claims.of(jws);
            Comparison found = compare(values, claims);
            List<String> faults = new ArrayList<>(found.faults());
            faults.addAll(0, faults(handle, jws, claims, nowSeconds));
            return new SignatureReport(
                    value.index(),
                    ClaimsJson.text(claims.issuer()),
                    claims.life(),
                    found.verified(),
                    found.changed(),
                    found.missing(),
                    found.unsigned(),
                    faults);
        } catch (MalformedSignatureException e) {
            return new SignatureReport(
                    value.index(),
                    "",
                    UNKNOWN,
                    List.of(),
                    List.of(),
                    List.of(),
                    indexes(values),
                    List.of(String.valueOf(e.getMessage())));
        }
    }

    private List<String> faults(Handle handle, Jws jws, Claims claims, long nowSeconds) {
        List<String> faults = new ArrayList<>();
        if (!Handle.foldAscii(claims.subject()).equals(handle.canonical())) {
            faults.add("it was made for " + claims.subject());
        }
        if (!claims.life().includes(nowSeconds)) {
            faults.add("it does not hold now");
        }
        try {
            if (!jws.isBy(new Authority(records, nowSeconds).keyOf(claims, handle))) {
                faults.add("it was not made with the key of " + ClaimsJson.text(claims.issuer()));
            }
        } catch (MalformedSignatureException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        return faults;
    }

    // --- values

    private record Comparison(
            List<Integer> verified, List<Integer> changed, List<Integer> missing, List<Integer> unsigned) {
        List<String> faults() {
            List<String> faults = new ArrayList<>();
            changed.forEach(index -> faults.add("value " + index + " has changed since"));
            missing.forEach(index -> faults.add("value " + index + " is gone"));
            if (verified.isEmpty() && faults.isEmpty()) {
                faults.add("it covers no value");
            }
            return faults;
        }
    }

    private static Comparison compare(List<HandleValue> values, Claims claims) throws MalformedSignatureException {
        Claims.Digests claimed =
                claims.digests().orElseThrow(() -> new MalformedSignatureException("it has no digests of values"));
        Map<Integer, String> actual = new HashMap<>();
        for (Digest digest : ValueDigests.of(values, claimed.algorithm()).values()) {
            actual.put(digest.index(), digest.base64());
        }
        TreeSet<Integer> unsigned = new TreeSet<>(indexes(values));
        List<Integer> verified = new ArrayList<>();
        List<Integer> changed = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        for (Digest digest : claimed.values()) {
            String is = actual.get(digest.index());
            unsigned.remove(digest.index());
            (is == null ? missing : is.equals(digest.base64()) ? verified : changed).add(digest.index());
        }
        return new Comparison(verified, changed, missing, List.copyOf(unsigned));
    }

    /** Of what can be signed. */
    private static List<Integer> indexes(List<HandleValue> values) {
        return values.stream()
                .filter(v -> !isSignature(v))
                .map(HandleValue::index)
                .sorted()
                .toList();
    }
}
