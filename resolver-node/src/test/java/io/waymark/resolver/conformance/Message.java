package io.waymark.resolver.conformance;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A whole message as it was on the wire, in its parts. */
record Message(byte[] octets) {
    static final int ENVELOPE = 20;
    static final int HEADER = 24;

    private int i4(int at) {
        return ByteBuffer.wrap(octets).getInt(at);
    }

    int version() {
        return ByteBuffer.wrap(octets).getShort(0) & 0xffff;
    }

    int suggested() {
        return (octets[2] & 3) << 8 | (octets[3] & 0xff);
    }

    int envelopeFlags() {
        return octets[2] & 0xe0;
    }

    boolean encrypted() {
        return (octets[2] & 0x40) != 0;
    }

    int sessionId() {
        return i4(4);
    }

    int requestId() {
        return i4(8);
    }

    int length() {
        return i4(16);
    }

    int opCode() {
        return i4(20);
    }

    int responseCode() {
        return i4(24);
    }

    int flags() {
        return i4(28);
    }

    boolean has(String flag) {
        return (flags() & Words.FLAGS.get(flag)) != 0;
    }

    int serial() {
        return ByteBuffer.wrap(octets).getShort(32) & 0xffff;
    }

    int recursion() {
        return octets[34];
    }

    int expires() {
        return i4(36);
    }

    byte[] headerAndBody() {
        return Arrays.copyOfRange(octets, ENVELOPE, ENVELOPE + HEADER + i4(40));
    }

    byte[] body() {
        return Arrays.copyOfRange(octets, ENVELOPE + HEADER, ENVELOPE + HEADER + i4(40));
    }

    /** The digest's number and octets; nothing without flag RRDG. */
    byte[] digest() {
        return has("RRDG") ? Arrays.copyOf(body(), body()[0] == 3 ? 33 : body()[0] == 2 ? 21 : 17) : new byte[0];
    }

    /** Behind the digest. */
    ByteBuffer content() {
        byte[] body = body();
        return ByteBuffer.wrap(Arrays.copyOfRange(body, digest().length, body.length));
    }

    ByteBuffer credential() {
        return ByteBuffer.wrap(octets, ENVELOPE + HEADER + i4(40), octets.length - ENVELOPE - HEADER - i4(40))
                .slice();
    }

    /** The same with this instead of what the envelope hid. */
    Message opened(byte[] plain) {
        return new Message(
                new Octets().raw(Arrays.copyOf(octets, ENVELOPE)).raw(plain).all());
    }
}
