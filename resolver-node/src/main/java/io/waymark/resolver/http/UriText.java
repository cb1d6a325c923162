package io.waymark.resolver.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-encoding.
 *
 * @see "RFC 3986 §2.1"
 */
final class UriText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UriText() {}

    /**
     * Decodes once.
     *
     * @param plusIsSpace as in queries; in paths a plus is a plus
     * @throws WebFault 400 if an escape is broken or the octets are not UTF-8
     */
    static String decode(String raw, boolean plusIsSpace) throws WebFault {
        if (raw.indexOf('%') < 0 && (!plusIsSpace || raw.indexOf('+') < 0) && isAscii(raw)) {
            return raw;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                octets.write(escaped(raw, i));
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                octets.write(' ');
            } else {
                octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WebFault(400, "bad_request", "the address is not UTF-8: " + raw);
        }
    }

    private static int escaped(String raw, int at) throws WebFault {
        boolean whole = at + 2 < raw.length()
                && HexFormat.isHexDigit(raw.charAt(at + 1))
                && HexFormat.isHexDigit(raw.charAt(at + 2));
        if (!whole) {
            throw new WebFault(400, "bad_request", "broken percent-escape at " + at + " of " + raw);
        }
        return HexFormat.fromHexDigits(raw, at + 1, at + 3);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** A name or value in a query: everything unusual is escaped. */
    static String encodeQuery(String text) {
        return encode(text, "-._~/:@!$'()*,");
    }

    /** Where a handle is found on this node. Never {@code //…}, which browsers take for another host. */
    static String localPath(String handle) {
        int slashes = 0;
        while (slashes < handle.length() && handle.charAt(slashes) == '/') {
            slashes++;
        }
        return '/' + "%2F".repeat(slashes) + encodePath(handle.substring(slashes));
    }

    /** A handle as a path: slashes stay, everything else unusual is escaped. */
    static String encodePath(String text) {
        return encode(text, "-._~/:@!$'()*,;=");
    }

    private static String encode(String text, String plainMarks) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || plainMarks.indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
