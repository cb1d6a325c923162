package io.waymark.resolver.wire;

import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The message credential, and the octets a credential covers.
 *
 * <pre>
 * i4 length, 0 = unsigned; else:
 * off 0  i1 version 0, i1 reserved, i2 flags
 *     4  utf8 signer's handle (empty), i4 session counter
 *     …  utf8 signature type, i4 section length, utf8 digest algorithm, bytes signature
 * </pre>
 *
 * @see "RFC 3652 §2.2.4 Message Credential"
 */
public final class CredentialCodec {
    /** What an unsigned message ends in. */
    static final byte[] UNSIGNED = new byte[4];

    private CredentialCodec() {}

    /**
     * Reads a credential from what follows the body. Fewer than four octets count as none, as the reference client does.
     *
     * @throws MalformedMessageException if it is cut short
     */
    public static Optional<Credential> decode(ByteBuffer in) throws MalformedMessageException {
        if (in.remaining() < 4) {
            return Optional.empty();
        }
        int length = in.getInt();
        if (length == 0) {
            return Optional.empty();
        }
        if (length < 0 || length > in.remaining()) {
            throw new MalformedMessageException(
                    Reason.CREDENTIAL, "credential length must be in 0.." + in.remaining() + " but was " + length);
        }
        try {
            return Optional.of(decodeContent(in.slice(in.position(), length)));
        } catch (MalformedMessageException e) {
            throw new MalformedMessageException(Reason.CREDENTIAL, "credential: " + e.getMessage());
        }
    }

    private static Credential decodeContent(ByteBuffer in) throws MalformedMessageException {
        Octets.getInt(in, "version and flags");
        Octets.getText(in, "signer");
        int counter = Octets.getInt(in, "session counter");
        String type = Octets.getText(in, "signature type");
        Octets.getInt(in, "section length");
        String digest = Octets.getText(in, "digest algorithm");
        return new Credential(counter, type, digest, Octets.getBytes(in, "signature"));
    }

    /** The credential with its length. */
    public static byte[] encode(Credential c) {
        byte[] type = Octets.utf8(c.signatureType());
        byte[] digest = Octets.utf8(c.digestAlgorithm());
        int section = 4 + digest.length + 4 + c.signature().length;
        int length = 4 + 4 + 4 + 4 + type.length + 4 + section;
        ByteBuffer out = ByteBuffer.allocate(4 + length);
        out.putInt(length).putInt(0).putInt(0).putInt(c.sessionCounter());
        Octets.putBytes(out, type);
        out.putInt(section);
        Octets.putBytes(out, digest);
        Octets.putBytes(out, c.signature());
        return out.array();
    }

    /**
     * The octets a credential covers: since 2.8 the versions and identifiers of the envelope, since 2.7 the same without
     * the suggested version, before that header and body alone.
     */
    public static byte[] coveredOctets(Envelope e, int sessionCounter, byte[] headerAndBody) {
        if (!e.version().atLeast(ProtocolVersion.SHA256)) {
            return headerAndBody;
        }
        ByteBuffer out = ByteBuffer.allocate(4 + 12 + headerAndBody.length);
        out.put((byte) e.version().major()).put((byte) e.version().minor());
        if (e.version().atLeast(ProtocolVersion.SIGNS_SUGGESTION)) {
            out.put((byte) e.suggested().major()).put((byte) e.suggested().minor());
        }
        out.putInt(e.sessionId()).putInt(e.requestId()).putInt(sessionCounter);
        out.put(headerAndBody);
        byte[] covered = new byte[out.position()];
        out.flip().get(covered);
        return covered;
    }
}
