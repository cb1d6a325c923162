package io.waymark.resolver.wire;

import io.waymark.identifier.handle.HandleValueCodec;
import java.nio.ByteBuffer;

/** Goes over encoded handle values by their lengths, without making objects. Layout: {@link HandleValueCodec}. */
final class ValueCursor {
    private ByteBuffer list = ByteBuffer.allocate(0);
    private int end;
    private int at;
    private int next;

    /** Stands before the first value of the octets from {@code from} to {@code to}. */
    void reset(ByteBuffer values, int from, int to) {
        list = values;
        next = from;
        end = to;
    }

    /** Goes on; false if what follows is no whole value. */
    boolean next() {
        at = next;
        if (end - at < HandleValueCodec.MIN_BYTES) {
            return false;
        }
        int typeEnd = endOfBytes(at + HandleValueCodec.TYPE_LENGTH_OFFSET);
        int dataEnd = endOfBytes(typeEnd);
        next = endOfReferences(dataEnd);
        return next >= 0;
    }

    /** Behind a length and as many octets; -1 if they are not there. */
    private int endOfBytes(int from) {
        if (from < 0 || end - from < 4) {
            return -1;
        }
        int bytes = list.getInt(from);
        return bytes < 0 || bytes > end - from - 4 ? -1 : from + 4 + bytes;
    }

    private int endOfReferences(int from) {
        if (from < 0 || end - from < 4) {
            return -1;
        }
        int place = from + 4;
        for (int n = list.getInt(from); n > 0; n--) {
            place = endOfBytes(place);
            if (place < 0 || end - place < 4) {
                return -1;
            }
            place += 4;
        }
        return place;
    }

    /** Where the value begins. */
    int start() {
        return at;
    }

    /** Where the next one begins. */
    int stop() {
        return next;
    }

    int index() {
        return list.getInt(at);
    }

    int permissions() {
        return list.get(at + HandleValueCodec.PERMISSIONS_OFFSET);
    }

    int typeBytes() {
        return list.getInt(at + HandleValueCodec.TYPE_LENGTH_OFFSET);
    }

    /** Upper-cased octet of the type. */
    byte typeOctet(int n) {
        return AsciiFold.fold(list.get(at + HandleValueCodec.TYPE_LENGTH_OFFSET + 4 + n));
    }
}
