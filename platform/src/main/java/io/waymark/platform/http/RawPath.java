package io.waymark.platform.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What stands behind a path's prefix, percent-decoded once. Read from the raw path, because routing folds double slashes
 * and drops what follows a semicolon, and both may be part of a name.
 */
final class RawPath {
    private RawPath() {}

    /** The rest of the request's path behind the prefix, decoded; may be empty. */
    static String behind(ServiceRequestContext ctx, String prefix) {
        return decode(rawBehind(ctx, prefix));
    }

    /** The rest of the request's path behind the prefix, as it was sent. */
    static String rawBehind(ServiceRequestContext ctx, String prefix) {
        String raw = ctx.rawPath();
        int query = raw.indexOf('?');
        String path = query < 0 ? raw : raw.substring(0, query);
        int at = path.indexOf(prefix);
        if (at < 0) {
            throw ApiException.badRequest("bad_path", "the path must begin with " + prefix);
        }
        return path.substring(at + prefix.length());
    }

    /** Percent-decodes UTF-8, once; a plus stays a plus. */
    static String decode(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                octets.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
            if (low < 0) {
                throw ApiException.badRequest("bad_path", "the path has a % without two hexadecimal digits");
            }
            octets.write(high << 4 | low);
            i += 2;
        }
        return utf8(octets.toByteArray());
    }

    private static String utf8(byte[] octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("bad_path", "the path's octets are no UTF-8");
        }
    }
}
