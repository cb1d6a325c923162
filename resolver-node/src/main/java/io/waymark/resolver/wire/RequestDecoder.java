package io.waymark.resolver.wire;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Header;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads requests.
 *
 * @see "RFC 3652 §3 Handle Protocol Operations"
 */
public final class RequestDecoder {
    private RequestDecoder() {}

    /**
     * Reads what follows the envelope.
     *
     * @param envelope already read
     * @param message header, body and credential; the result keeps a copy of the first two
     * @throws MalformedMessageException if the envelope promises what this node does not speak, or the octets are no
     *     request
     */
    public static RequestMessage decode(Envelope envelope, byte[] message) throws MalformedMessageException {
        EnvelopeCodec.check(envelope);
        if (envelope.has(Envelope.ENCRYPTED)) {
            throw new MalformedMessageException(Reason.ENCODING, "the message is still encrypted");
        }
        if (message.length != envelope.messageLength()) {
            throw new MalformedMessageException(
                    Reason.LENGTH, "message length must be " + message.length + " but was " + envelope.messageLength());
        }
        return decodeOpened(envelope, message);
    }

    /**
     * Reads what an encrypted message's envelope hid.
     *
     * @param envelope already read and judged; its length is that of the ciphertext
     * @param message header, body and credential; the result keeps a copy of the first two
     * @throws MalformedMessageException if the octets are no request
     */
    public static RequestMessage decodeOpened(Envelope envelope, byte[] message) throws MalformedMessageException {
        ByteBuffer in = ByteBuffer.wrap(message);
        Header header = HeaderCodec.decode(in);
        if (header.responseCode() != 0) {
            throw new MalformedMessageException(
                    Reason.NOT_A_REQUEST, "response code of a request must be 0 but was " + header.responseCode());
        }
        int bodyEnd = HeaderCodec.BYTES + header.bodyLength();
        Request request = body(header.opCode(), in.slice(HeaderCodec.BYTES, header.bodyLength()));
        in.position(bodyEnd);
        Optional<Credential> credential = CredentialCodec.decode(in);
        return new RequestMessage(envelope, header, request, Arrays.copyOf(message, bodyEnd), credential);
    }

    private static Request body(int opCode, ByteBuffer in) throws MalformedMessageException {
        Optional<OpCode> known = OpCode.of(opCode);
        return known.isPresent() ? body(known.get(), in) : new Request.Unsupported(opCode);
    }

    private static Request body(OpCode op, ByteBuffer in) throws MalformedMessageException {
        return switch (op) {
            case RESOLUTION -> resolution(in);
            case GET_SITE_INFO -> new Request.GetSiteInfo();
            case CREATE_HANDLE, ADD_VALUE, MODIFY_VALUE ->
                new Request.WriteValues(op, Octets.getText(in, "handle"), values(in));
            case REMOVE_VALUE -> new Request.RemoveValues(Octets.getText(in, "handle"), Octets.getInts(in, "index"));
            case DELETE_HANDLE, LIST_HANDLES, HOME_PREFIX, UNHOME_PREFIX, LIST_HOMED_PREFIXES, SESSION_TERMINATE ->
                new Request.NameOperation(op, Octets.getText(in, "handle"));
            case RESPONSE_TO_CHALLENGE -> challengeAnswer(in);
            case SESSION_SETUP -> sessionSetup(in);
            case SESSION_EXCHANGE_KEY -> new Request.KeyExchange(Octets.getBytes(in, "encrypted key"));
            case VERIFY_CHALLENGE -> verifyChallenge(in);
            case LOGIN -> new Request.Login(Octets.getText(in, "identity handle"), Octets.getInt(in, "identity index"));
        };
    }

    /** Octets behind the types, as one client of the Chinese identifier network writes them, mean nothing here. */
    private static Request resolution(ByteBuffer in) throws MalformedMessageException {
        return new Request.Resolution(
                Octets.getText(in, "handle"), Octets.getInts(in, "index"), Octets.getTexts(in, "type"));
    }

    private static Request challengeAnswer(ByteBuffer in) throws MalformedMessageException {
        return new Request.ChallengeAnswer(
                Octets.getText(in, "authentication type"),
                Octets.getText(in, "user handle"),
                Octets.getInt(in, "user index"),
                Octets.getBytes(in, "answer"));
    }

    private static Request verifyChallenge(ByteBuffer in) throws MalformedMessageException {
        return new Request.VerifyChallenge(
                Octets.getText(in, "user handle"),
                Octets.getInt(in, "user index"),
                Octets.getBytes(in, "nonce"),
                Octets.getBytes(in, "request digest"),
                Octets.getBytes(in, "answer"));
    }

    private static Request sessionSetup(ByteBuffer in) throws MalformedMessageException {
        Octets.need(in, 2, "key exchange mode");
        int mode = in.getShort() & 0xffff;
        int timeoutSeconds = Octets.getInt(in, "timeout");
        String identity = Octets.getText(in, "identity handle");
        int index = Octets.getInt(in, "identity index");
        // the reference client counts the mode as four octets though it writes two: others may trail the key
        byte[] key = mode == Request.SessionSetup.MODE_DIFFIE_HELLMAN ? Octets.getBytes(in, "public key") : new byte[0];
        return new Request.SessionSetup(mode, timeoutSeconds, identity, index, key);
    }

    private static List<HandleValue> values(ByteBuffer in) throws MalformedMessageException {
        try {
            return HandleValueCodec.decodeList(in);
        } catch (MalformedRecordException e) {
            throw new MalformedMessageException(Reason.VALUE, String.valueOf(e.getMessage()));
        }
    }
}
