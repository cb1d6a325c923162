package io.waymark.resolver.wire;

import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The protocol's building blocks: {@code bytes} = i4 length + octets, {@code utf8} = bytes holding UTF-8, {@code
 * array(X)} = i4 count + X….
 */
final class Octets {
    private Octets() {}

    static int getInt(ByteBuffer in, String what) throws MalformedMessageException {
        need(in, 4, what);
        return in.getInt();
    }

    static byte[] getBytes(ByteBuffer in, String what) throws MalformedMessageException {
        int length = getInt(in, what + " length");
        if (length < 0 || length > in.remaining()) {
            throw new MalformedMessageException(
                    Reason.BODY, what + " length must be in 0.." + in.remaining() + " but was " + length);
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static String getText(ByteBuffer in, String what) throws MalformedMessageException {
        byte[] bytes = getBytes(in, what);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException(Reason.NAME, what + " is not UTF-8");
        }
    }

    static List<Integer> getInts(ByteBuffer in, String what) throws MalformedMessageException {
        int count = getCount(in, what);
        List<Integer> ints = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ints.add(in.getInt());
        }
        return ints;
    }

    static List<String> getTexts(ByteBuffer in, String what) throws MalformedMessageException {
        int count = getCount(in, what);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(getText(in, what));
        }
        return texts;
    }

    /** Every element of an array takes at least four octets, so a count can be checked before anything is allocated. */
    private static int getCount(ByteBuffer in, String what) throws MalformedMessageException {
        int count = getInt(in, what + " count");
        if (count < 0 || count > in.remaining() / 4) {
            throw new MalformedMessageException(
                    Reason.BODY, what + " count must be in 0.." + in.remaining() / 4 + " but was " + count);
        }
        return count;
    }

    static void need(ByteBuffer in, int bytes, String what) throws MalformedMessageException {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException(
                    Reason.BODY, what + " needs " + bytes + " octets but only " + in.remaining() + " are left");
        }
    }

    static void putBytes(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length);
        out.put(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code bytes} of the text's UTF-8. */
    static byte[] lengthAndUtf8(String text) {
        byte[] octets = utf8(text);
        ByteBuffer out = ByteBuffer.allocate(4 + octets.length);
        putBytes(out, octets);
        return out.array();
    }
}
