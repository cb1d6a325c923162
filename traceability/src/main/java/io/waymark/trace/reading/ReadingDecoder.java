package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * Octets in, readings out. The shape of the message chooses the profile: an object with {@code eventType} is Impinj's, one
 * with a terminal's fields ({@code cmd}, {@code sn} with {@code data}, {@code barcode}) a POS terminal's, any other object
 * generic; an array is its elements; anything that does not open like JSON is the bare text of a scanner.
 *
 * @see "Impinj IoT device interface 1.7"
 */
public final class ReadingDecoder {
    /** Readings taken from one message; reader webhooks send a few hundred. */
    static final int ELEMENTS_MAX = 10_000;

    private static final int TEXT_BYTES_MAX = 2_048;
    private static final int PROBLEMS_MAX = 16;

    private ReadingDecoder() {}

    /** Decodes; never throws. */
    public static Decoding decode(Message message, ProfileOptions options) {
        Decoding.Builder out = new Decoding.Builder();
        try {
            decode(message, options, out);
        } catch (UndecodableException e) {
            return Decoding.problem(e);
        }
        return out.build();
    }

    private static void decode(Message message, ProfileOptions options, Decoding.Builder out)
            throws UndecodableException {
        byte[] payload = message.payload();
        int first = firstInk(payload);
        if (first < 0) {
            throw new UndecodableException(Reason.EMPTY_PAYLOAD, "payload of " + payload.length + " octets is blank");
        }
        if (payload.length > StrictJson.PAYLOAD_BYTES_MAX) {
            throw new UndecodableException(
                    Reason.TOO_LARGE,
                    "payload must be at most " + StrictJson.PAYLOAD_BYTES_MAX + " octets but was " + payload.length);
        }
        if (opensJson(payload, first)) {
            json(StrictJson.parse(payload), message, options, out);
        } else {
            out.add(Profile.TEXT, bareText(message, options));
        }
    }

    /** {@code [)>} opens an ISO/IEC 15434 envelope, which scanners send as bare text. */
    private static boolean opensJson(byte[] payload, int first) {
        boolean envelope = payload[first] == '[' && first + 1 < payload.length && payload[first + 1] == ')';
        return (payload[first] == '{' || payload[first] == '[') && !envelope;
    }

    private static void json(JsonNode root, Message message, ProfileOptions options, Decoding.Builder out)
            throws UndecodableException {
        if (root.isObject()) {
            object(root, message, options, out);
            return;
        }
        if (root.isEmpty()) {
            // readers prove they live by posting an empty array
            out.skip("heartbeat");
            return;
        }
        if (root.size() > ELEMENTS_MAX) {
            throw new UndecodableException(
                    Reason.TOO_LARGE, "array must have at most " + ELEMENTS_MAX + " elements but had " + root.size());
        }
        elements(root, message, options, out);
    }

    private static void elements(JsonNode array, Message message, ProfileOptions options, Decoding.Builder out)
            throws UndecodableException {
        int bad = 0;
        for (int i = 0; i < array.size(); i++) {
            try {
                object(array.get(i), message, options, out);
            } catch (UndecodableException e) {
                if (bad++ < PROBLEMS_MAX) {
                    out.problem(e, "element " + i + ": ");
                }
            }
        }
    }

    private static void object(JsonNode object, Message message, ProfileOptions options, Decoding.Builder out)
            throws UndecodableException {
        if (!object.isObject()) {
            throw new UndecodableException(
                    Reason.UNKNOWN_SHAPE, "expected a JSON object but found " + object.getNodeType());
        }
        if (ImpinjProfile.recognises(object)) {
            ImpinjProfile.decode(object, message, options, out);
        } else if (PosProfile.recognises(object)) {
            out.add(Profile.POS, PosProfile.decode(object, message, options));
        } else {
            out.add(Profile.GENERIC, GenericProfile.decode(object, message, options));
        }
    }

    private static Reading bareText(Message message, ProfileOptions options) throws UndecodableException {
        if (message.payload().length > TEXT_BYTES_MAX) {
            throw new UndecodableException(
                    Reason.UNKNOWN_SHAPE,
                    "payload is no JSON, and text of a scanner has at most " + TEXT_BYTES_MAX + " octets but this had "
                            + message.payload().length);
        }
        String text = Fields.stripBlanks(text(message.payload(), options.charset()));
        return new Reading.Scan(
                options.restoreSeparators(text),
                Timestamps.when(null, options, message.receivedAt()),
                null,
                null,
                null,
                null);
    }

    /** Strict: octets outside the character set are an error, never a replacement character. */
    static String text(byte[] octets, Charset charset) throws UndecodableException {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw new UndecodableException(Reason.BAD_CHARSET, "scanned text is not " + charset.name());
        }
    }

    private static int firstInk(byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
            byte b = payload[i];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return i;
            }
        }
        return -1;
    }
}
