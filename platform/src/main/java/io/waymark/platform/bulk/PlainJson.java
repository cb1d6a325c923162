package io.waymark.platform.bulk;

import io.waymark.identifier.handle.Permissions;
import io.waymark.storage.bulk.TextPlace;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Reads the lines that exports and most programs write, without building a tree: {@code {"handle":"…","values":[{"index":1,
 * "type":"URL","data":"…" or {"format":"string","value":"…"},"ttl":86400,"timestamp":"…","permissions":"1110"},…]}}, fields
 * of a value in any order, strings without backslash. Anything else, right or wrong, is answered with false and left to the
 * general reader. One thread.
 */
final class PlainJson {
    private static final int TTL_DEFAULT = 86_400;
    private static final int TIMESTAMP_LENGTH = 20;
    private static final int PERMISSION_DIGITS = 4;

    private static final int INDEX = 1;
    private static final int TYPE = 2;
    private static final int DATA = 4;
    private static final int TTL = 8;
    private static final int TIMESTAMP = 16;
    private static final int PERMISSIONS = 32;

    private final RecordEncoder encoder;
    private final Slice name = new Slice();
    private final Slice text = new Slice();
    private final Slice type = new Slice();
    private final Slice data = new Slice();

    private byte[] in = new byte[0];
    private int at;
    private int to;
    private int number;

    PlainJson(RecordEncoder encoder) {
        this.encoder = encoder;
    }

    /** Whether the line was read and its record kept. */
    boolean read(byte[] octets, int from, int end, TextPlace place) {
        in = octets;
        at = from;
        to = end;
        if (!(take('{') && string(name) && name.equalsAscii("handle") && take(':') && string(text))) {
            return false;
        }
        if (!encoder.begin(text.octets(), text.from(), text.to(), place)) {
            return false;
        }
        if (take(',') && string(name) && name.equalsAscii("values") && take(':') && values() && take('}') && atEnd()) {
            return encoder.end();
        }
        encoder.cancel();
        return false;
    }

    private boolean values() {
        if (!take('[')) {
            return false;
        }
        do {
            if (!value()) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean value() {
        int seen = 0;
        int index = 0;
        int ttl = TTL_DEFAULT;
        int permissions = Permissions.DEFAULT;
        if (!take('{')) {
            return false;
        }
        do {
            if (!(string(name) && take(':'))) {
                return false;
            }
            int field = field();
            if (field == 0 || (seen & field) != 0) {
                return false;
            }
            seen |= field;
            boolean read = switch (field) {
                case TYPE -> string(type);
                case DATA -> data();
                case TIMESTAMP -> string(text) && isTime();
                case PERMISSIONS -> string(text) && isPermissions();
                default -> number();
            };
            if (!read) {
                return false;
            }
            if (field == INDEX) {
                index = number;
            } else if (field == TTL) {
                ttl = number;
            } else if (field == PERMISSIONS) {
                permissions = number;
            }
        } while (take(','));
        return take('}')
                && (seen & (INDEX | TYPE | DATA)) == (INDEX | TYPE | DATA)
                && encoder.value(type, data, index, ttl, permissions);
    }

    private int field() {
        return switch (name.length()) {
            case 3 -> name.equalsAscii("ttl") ? TTL : 0;
            case 4 -> name.equalsAscii("type") ? TYPE : name.equalsAscii("data") ? DATA : 0;
            case 5 -> name.equalsAscii("index") ? INDEX : 0;
            case 9 -> name.equalsAscii("timestamp") ? TIMESTAMP : 0;
            case 11 -> name.equalsAscii("permissions") ? PERMISSIONS : 0;
            default -> 0;
        };
    }

    /** A string, or {@code {"format":"string","value":"…"}}. */
    private boolean data() {
        skipBlanks();
        if (at < to && in[at] == '"') {
            return string(data) && data.isUtf8();
        }
        return take('{')
                && string(name)
                && name.equalsAscii("format")
                && take(':')
                && string(name)
                && name.equalsAscii("string")
                && take(',')
                && string(name)
                && name.equalsAscii("value")
                && take(':')
                && string(data)
                && data.isUtf8()
                && take('}');
    }

    /** A time as exports write it; the node stamps values itself, so that it only must be one. */
    private boolean isTime() {
        if (text.length() != TIMESTAMP_LENGTH) {
            return false;
        }
        if (isPlainTime()) {
            return true;
        }
        try {
            Instant.parse(text.text());
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** {@code 2026-11-22T08:00:00Z} with a day that every month has: true for most, wrong for none. */
    private boolean isPlainTime() {
        for (int i = 0; i < TIMESTAMP_LENGTH; i++) {
            char shape = "dddd-dd-ddTdd:dd:ddZ".charAt(i);
            byte c = in[text.from() + i];
            if (shape == 'd' ? c < '0' || c > '9' : c != shape) {
                return false;
            }
        }
        return twoDigits(5) >= 1
                && twoDigits(5) <= 12
                && twoDigits(8) >= 1
                && twoDigits(8) <= 28
                && twoDigits(11) < 24
                && twoDigits(14) < 60
                && twoDigits(17) < 60;
    }

    private int twoDigits(int i) {
        return 10 * (in[text.from() + i] - '0') + in[text.from() + i + 1] - '0';
    }

    private boolean isPermissions() {
        number = 0;
        for (int i = text.from(); i < text.to(); i++) {
            int bit = in[i] - '0';
            if (bit != 0 && bit != 1) {
                return false;
            }
            number = number << 1 | bit;
        }
        return text.length() == PERMISSION_DIGITS;
    }

    /** A whole number of at most nine digits. */
    private boolean number() {
        skipBlanks();
        int start = at;
        number = 0;
        while (at < to && in[at] >= '0' && in[at] <= '9') {
            number = 10 * number + in[at++] - '0';
        }
        int digits = at - start;
        return digits > 0
                && digits < 10
                && (digits == 1 || in[start] != '0')
                && at < to
                && (in[at] == ',' || in[at] == '}' || in[at] == ' ');
    }

    /** A string without backslash. */
    private boolean string(Slice into) {
        if (!take('"')) {
            return false;
        }
        int start = at;
        for (; at < to; at++) {
            byte c = in[at];
            if (c == '"') {
                into.set(in, start, at++);
                return true;
            }
            if (c == '\\' || (c >= 0 && c < 0x20)) {
                return false;
            }
        }
        return false;
    }

    private boolean take(char wanted) {
        skipBlanks();
        if (at < to && in[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < to && (in[at] == ' ' || in[at] == '\t')) {
            at++;
        }
    }

    private boolean atEnd() {
        while (at < to && (in[at] == ' ' || in[at] == '\t' || in[at] == '\r')) {
            at++;
        }
        return at == to;
    }
}
