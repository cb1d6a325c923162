package io.waymark.resolver.access;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.storage.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Keys in records that live here. May read the disk: not for an event loop. */
final class KeyRecords {
    private static final String PUBLIC_KEY = "HS_PUBKEY";

    private final RecordStore records;

    KeyRecords(RecordStore records) {
        this.records = records;
    }

    /** The place of the certificate's key, among those the identity stands for: with index 0, all of its handle. */
    static Optional<ValueReference> placeOf(
            X509Certificate certificate, ValueReference identity, List<HandleValue> record) {
        return record.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(PUBLIC_KEY)
                        && (identity.index() == 0 || v.index() == identity.index())
                        && CertificateProof.isKeyOf(certificate, v))
                .findFirst()
                .map(v -> new ValueReference(identity.handle(), v.index()));
    }

    /** What tells the key at this place from any other: a digest; empty if there is none. */
    String digest(ValueReference place) {
        return values(place).stream()
                .filter(v -> v.index() == place.index())
                .findFirst()
                .map(KeyRecords::digest)
                .orElse("");
    }

    private static String digest(HandleValue value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Handle.foldAscii(value.type()).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(value.data()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private List<HandleValue> values(ValueReference place) {
        try {
            return records.find(Handle.parse(place.handle())).orElse(List.of());
        } catch (MalformedIdentifierException e) {
            return List.of();
        }
    }
}
