package io.waymark.resolver.wire;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Header;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Writes answers, envelope first. Usable on any thread.
 *
 * @see "RFC 3652 §2.2 Common Message Format"
 */
public final class ResponseEncoder {
    /** Vouches for an answer. */
    @FunctionalInterface
    public interface Signer {
        /**
         * Signs or authenticates.
         *
         * @param envelope of the answer; its length is not covered and may be 0
         * @param headerAndBody of the answer
         */
        Credential sign(Envelope envelope, byte[] headerAndBody);
    }

    /** Encrypts an answer for the one client that can read it. */
    @FunctionalInterface
    public interface Sealer {
        /**
         * Encrypts.
         *
         * @param message header, body and credential
         * @return what the envelope carries instead
         */
        byte[] seal(byte[] message);
    }

    private final int siteSerial;
    private final Clock clock;

    /**
     * @param siteSerial serial number of this node's site record
     * @param clock tells until when answers are valid
     */
    public ResponseEncoder(int siteSerial, Clock clock) {
        this.siteSerial = siteSerial;
        this.clock = clock;
    }

    /**
     * Writes the answer to a request.
     *
     * @param opCode the request's, or that of the stored request a challenge answer set free
     * @param sessionId goes into the envelope
     * @param signer present if the answer must be signed
     */
    public byte[] encode(RequestMessage request, int opCode, int sessionId, Response answer, Optional<Signer> signer) {
        return encode(request, opCode, sessionId, answer, signer, Optional.empty());
    }

    /**
     * Writes the answer to a request, encrypted if there is someone who can.
     *
     * @param opCode as above
     * @param sealer present if the answer must be encrypted
     */
    public byte[] encode(
            RequestMessage request,
            int opCode,
            int sessionId,
            Response answer,
            Optional<Signer> signer,
            Optional<Sealer> sealer) {
        ProtocolVersion version = request.answerVersion();
        Response response = understood(version, answer);
        boolean digest = request.has(OpFlags.REQUEST_DIGEST) || response.kind() == Response.Kind.CHALLENGE;
        byte[] prefix = digest ? RequestDigest.prefix(version, request.headerAndBody()) : new byte[0];
        int flags = (request.header().opFlags() & OpFlags.ECHOED)
                | (response.authoritative() ? OpFlags.AUTHORITATIVE : 0)
                | (digest ? OpFlags.REQUEST_DIGEST : 0)
                | (signer.isPresent() ? OpFlags.CERTIFIED : 0)
                | (sealer.isPresent() ? OpFlags.ENCRYPT : 0)
                | flagsOf(response);
        Envelope envelope = new Envelope(
                version,
                0,
                ProtocolVersion.NEWEST,
                sessionId,
                request.envelope().requestId(),
                0,
                0);
        return frame(envelope, opCode, flags, prefix, response, signer, sealer);
    }

    /**
     * Refuses a message that could not be read.
     *
     * @param opCode the message's, or 0 if not even that could be read
     */
    public byte[] encodeRefusal(Envelope request, int opCode, ResponseCode code, String message) {
        ProtocolVersion wanted = ProtocolVersion.negotiate(request.suggested());
        ProtocolVersion version = wanted.spoken() ? wanted : ProtocolVersion.NEWEST;
        Envelope envelope =
                new Envelope(version, 0, ProtocolVersion.NEWEST, request.sessionId(), request.requestId(), 0, 0);
        Response failure = new Response.Failure(code, message);
        return frame(
                envelope,
                opCode,
                OpFlags.DEFAULT_REQUEST | OpFlags.AUTHORITATIVE,
                new byte[0],
                failure,
                Optional.empty(),
                Optional.empty());
    }

    /** Before 2.5 the number of a prefix referral meant something else. */
    private static Response understood(ProtocolVersion version, Response response) {
        return response.code() == ResponseCode.PREFIX_REFERRAL && !version.atLeast(ProtocolVersion.PREFIX_REFERRALS)
                ? ((Response.Referral) response).asServiceReferral()
                : response;
    }

    private byte[] frame(
            Envelope envelope,
            int opCode,
            int flags,
            byte[] prefix,
            Response response,
            Optional<Signer> signer,
            Optional<Sealer> sealer) {
        byte[] body = body(response);
        int expires = (int) (clock.millis() / 1000) + HeaderCodec.LIFE_SECONDS;
        Header header = new Header(
                opCode,
                codeFor(envelope.version(), response),
                flags,
                siteSerial,
                0,
                expires,
                prefix.length + body.length);
        ByteBuffer covered = ByteBuffer.allocate(HeaderCodec.BYTES + header.bodyLength());
        HeaderCodec.encode(header, covered);
        covered.put(prefix).put(body);
        byte[] headerAndBody = covered.array();
        byte[] credential = signer.map(s -> CredentialCodec.encode(s.sign(envelope, headerAndBody)))
                .orElse(CredentialCodec.UNSIGNED);
        byte[] message = ByteBuffer.allocate(headerAndBody.length + credential.length)
                .put(headerAndBody)
                .put(credential)
                .array();
        byte[] sent = sealer.map(s -> s.seal(message)).orElse(message);
        ByteBuffer out = ByteBuffer.allocate(EnvelopeCodec.BYTES + sent.length);
        EnvelopeCodec.encode(outer(envelope, sealer.isPresent() ? Envelope.ENCRYPTED : 0, sent.length), out);
        return out.put(sent).array();
    }

    private static Envelope outer(Envelope e, int flags, int messageLength) {
        return new Envelope(
                e.version(), flags, e.suggested(), e.sessionId(), e.requestId(), e.sequence(), messageLength);
    }

    private static int flagsOf(Response response) {
        return switch (response.kind()) {
            case DONE -> ((Response.Done) response).overwritten() ? OpFlags.OVERWRITE : 0;
            case NAMES -> ((Response.Names) response).next().isPresent() ? OpFlags.CONTINUES : 0;
            case VALUES, SITE, CHALLENGE, SESSION_KEY, VERIFIED, REFERRAL, FAILURE -> 0;
        };
    }

    /** Two codes were renumbered with version 2.5. */
    private static int codeFor(ProtocolVersion version, Response response) {
        boolean old = !version.atLeast(ProtocolVersion.PREFIX_REFERRALS);
        if (old && response.code() == ResponseCode.SERVER_BACKUP) {
            return ResponseCode.PREFIX_REFERRAL.code();
        }
        if (old && response.code() == ResponseCode.INVALID_VALUE) {
            return ResponseCode.VALUE_ALREADY_EXISTS.code();
        }
        return response.code().code();
    }

    private static byte[] body(Response response) {
        return switch (response.kind()) {
            case VALUES -> values((Response.Values) response);
            case SITE -> SiteInfoCodec.encode(((Response.Site) response).site());
            case DONE -> {
                String handle = ((Response.Done) response).handle();
                yield handle.isEmpty() ? new byte[0] : Octets.lengthAndUtf8(handle);
            }
            case NAMES -> names(((Response.Names) response).names());
            case CHALLENGE -> bytes(((Response.Challenge) response).nonce());
            case SESSION_KEY -> sessionKey((Response.SessionKey) response);
            case REFERRAL -> referral((Response.Referral) response);
            case VERIFIED -> new byte[] {(byte) (((Response.Verified) response).valid() ? 1 : 0)};
            case FAILURE -> Octets.lengthAndUtf8(((Response.Failure) response).message());
        };
    }

    private static byte[] values(Response.Values response) {
        return handleAndValues(response.handle(), response.values());
    }

    /** Without values the body ends with the handle: an empty list would be followed to nowhere. */
    private static byte[] referral(Response.Referral response) {
        return response.values().isEmpty()
                ? Octets.lengthAndUtf8(response.handle())
                : handleAndValues(response.handle(), response.values());
    }

    private static byte[] handleAndValues(String name, List<HandleValue> values) {
        byte[] handle = Octets.utf8(name);
        int size = 4 + handle.length + 4;
        for (HandleValue v : values) {
            size += HandleValueCodec.encodedSize(v);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        Octets.putBytes(out, handle);
        out.putInt(values.size());
        for (HandleValue v : values) {
            HandleValueCodec.encode(v, out);
        }
        return out.array();
    }

    private static byte[] names(List<String> names) {
        List<byte[]> octets = names.stream().map(Octets::utf8).toList();
        int size = 4 + octets.stream().mapToInt(o -> 4 + o.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).putInt(octets.size());
        octets.forEach(o -> Octets.putBytes(out, o));
        return out.array();
    }

    private static byte[] sessionKey(Response.SessionKey response) {
        // two stray octets follow: the reference client counts the mode as four and reads to the body's end
        ByteBuffer out = ByteBuffer.allocate(2 + 4 + response.keyData().length + 2);
        out.putShort((short) response.mode());
        Octets.putBytes(out, response.keyData());
        return out.array();
    }

    private static byte[] bytes(byte[] octets) {
        ByteBuffer out = ByteBuffer.allocate(4 + octets.length);
        Octets.putBytes(out, octets);
        return out.array();
    }
}
