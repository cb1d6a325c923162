package io.waymark.gateway.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first sixteen octets of a SHA-256: enough that nobody finds two texts with the same. */
record Fingerprint(long high, long low) {
    static final int OCTETS = 16;

    /** Of what a request says, except its key. */
    static Fingerprint ofContent(IngestRequest request) {
        MessageDigest digest = sha256();
        text(digest, request.topic());
        text(digest, request.contentType());
        for (byte[] payload : request.payloads()) {
            length(digest, payload.length);
            digest.update(payload);
        }
        return of(digest);
    }

    /** Of whose request it is and how it is named. */
    static Fingerprint ofName(IngestRequest request) {
        MessageDigest digest = sha256();
        text(digest, request.deviceId());
        text(digest, request.key());
        return of(digest);
    }

    static Fingerprint ofDevice(String deviceId) {
        MessageDigest digest = sha256();
        text(digest, deviceId);
        return of(digest);
    }

    static Fingerprint read(ByteBuffer in) {
        return new Fingerprint(in.getLong(), in.getLong());
    }

    ByteBuffer write(ByteBuffer out) {
        return out.putLong(high).putLong(low);
    }

    private static void text(MessageDigest digest, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        length(digest, octets.length);
        digest.update(octets);
    }

    private static void length(MessageDigest digest, int length) {
        digest.update(ByteBuffer.allocate(4).putInt(0, length));
    }

    private static Fingerprint of(MessageDigest digest) {
        return read(ByteBuffer.wrap(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
