package io.waymark.resolver.wire;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Header;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The client's side of resolution: writes the request, reads the answer. */
public final class ClientCodec {
    /**
     * A resolution's answer, read.
     *
     * @param envelope as received
     * @param header as received
     * @param handle as the server spelled it; in a referral the one that names the service; empty in a failure
     * @param values those that name the service in a referral; empty in a failure
     * @param message the server's words; empty in a success
     * @param credential present if the answer is signed; not verified
     */
    public record Answer(
            Envelope envelope,
            Header header,
            String handle,
            List<HandleValue> values,
            String message,
            Optional<Credential> credential) {
        /** Copies the list. */
        public Answer {
            values = List.copyOf(values);
        }
    }

    private ClientCodec() {}

    /**
     * Writes a resolution request, envelope first.
     *
     * @param opFlags bits of {@link OpFlags}
     * @param expirationSeconds the request is void after this, seconds since 1970 UTC
     */
    public static byte[] resolution(
            int requestId, int opFlags, int expirationSeconds, String handle, List<String> types, int[] indexes) {
        return resolution(requestId, opFlags, expirationSeconds, 0, handle, types, indexes);
    }

    /**
     * Writes a resolution request that was passed on, envelope first.
     *
     * @param recursionCount how often
     */
    public static byte[] resolution(
            int requestId,
            int opFlags,
            int expirationSeconds,
            int recursionCount,
            String handle,
            List<String> types,
            int[] indexes) {
        byte[] name = Octets.utf8(handle);
        List<byte[]> typeNames = types.stream().map(Octets::utf8).toList();
        int bodyLength = 4 + name.length + 4 + 4 * indexes.length + 4;
        for (byte[] t : typeNames) {
            bodyLength += 4 + t.length;
        }
        int messageLength = HeaderCodec.BYTES + bodyLength + 4;
        ByteBuffer out = ByteBuffer.allocate(EnvelopeCodec.BYTES + messageLength);
        EnvelopeCodec.encode(
                new Envelope(ProtocolVersion.NEWEST, 0, ProtocolVersion.NEWEST, 0, requestId, 0, messageLength), out);
        HeaderCodec.encode(
                new Header(OpCode.RESOLUTION.code(), 0, opFlags, 1, recursionCount, expirationSeconds, bodyLength),
                out);
        Octets.putBytes(out, name);
        out.putInt(indexes.length);
        for (int index : indexes) {
            out.putInt(index);
        }
        out.putInt(typeNames.size());
        typeNames.forEach(t -> Octets.putBytes(out, t));
        return out.putInt(0).array();
    }

    /**
     * Reads a resolution's answer, envelope first.
     *
     * @throws MalformedMessageException if it is none
     */
    public static Answer decode(byte[] frame) throws MalformedMessageException {
        ByteBuffer in = ByteBuffer.wrap(frame);
        Envelope envelope = EnvelopeCodec.decode(in);
        EnvelopeCodec.check(envelope);
        Header header = HeaderCodec.decode(in);
        if (header.responseCode() == 0) {
            throw new MalformedMessageException(Reason.BODY, "an answer has response code 0: it is a request");
        }
        ByteBuffer body = in.slice(in.position(), header.bodyLength());
        if (header.has(OpFlags.REQUEST_DIGEST)) {
            skipDigest(body);
        }
        in.position(in.position() + header.bodyLength());
        Optional<Credential> credential = CredentialCodec.decode(in);
        if (isReferral(envelope, header)) {
            String service = Octets.getText(body, "referral handle");
            List<HandleValue> sites = body.hasRemaining() ? values(body) : List.of();
            return new Answer(envelope, header, service, sites, "", credential);
        }
        if (header.responseCode() != ResponseCode.SUCCESS.code()) {
            String message = body.remaining() >= 4 ? Octets.getText(body, "message") : "";
            return new Answer(envelope, header, "", List.of(), message, credential);
        }
        String handle = Octets.getText(body, "handle");
        return new Answer(envelope, header, handle, values(body), "", credential);
    }

    private static boolean isReferral(Envelope envelope, Header header) {
        return header.responseCode() == ResponseCode.SERVICE_REFERRAL.code()
                || (header.responseCode() == ResponseCode.PREFIX_REFERRAL.code()
                        && envelope.version().atLeast(ProtocolVersion.PREFIX_REFERRALS));
    }

    /**
     * Whether an answer begins with the digest of this request.
     *
     * @param answer envelope first
     * @param request envelope first, unsigned
     */
    public static boolean hasDigestOf(byte[] answer, byte[] request) {
        int body = EnvelopeCodec.BYTES + HeaderCodec.BYTES;
        byte[] covered = Arrays.copyOfRange(request, EnvelopeCodec.BYTES, request.length - 4);
        return answer.length > body && RequestDigest.isAt(answer, body, covered);
    }

    private static void skipDigest(ByteBuffer body) throws MalformedMessageException {
        Octets.need(body, 1, "request digest");
        int bytes = RequestDigest.prefixBytes(body.get(body.position()));
        if (bytes == 0) {
            throw new MalformedMessageException(Reason.BODY, "request digest has an unknown algorithm");
        }
        Octets.need(body, bytes, "request digest");
        body.position(body.position() + bytes);
    }

    private static List<HandleValue> values(ByteBuffer body) throws MalformedMessageException {
        try {
            return HandleValueCodec.decodeList(body);
        } catch (MalformedRecordException e) {
            throw new MalformedMessageException(Reason.VALUE, String.valueOf(e.getMessage()));
        }
    }
}
