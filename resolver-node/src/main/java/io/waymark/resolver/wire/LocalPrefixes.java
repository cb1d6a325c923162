package io.waymark.resolver.wire;

import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoredRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whether a name that is not in the store may be said not to exist. It may if its prefix lives here, that is, if the
 * prefix handle is in the store, and nothing in that handle sends clients elsewhere or makes names by rule: of the types of
 * the Handle System itself only keys, administrators and their lists are understood here, everything else is left to the
 * general path. Belongs to one thread.
 */
final class LocalPrefixes {
    private static final byte[] PREFIX_OF_PREFIXES = "0.NA/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SYSTEM_TYPE = "HS_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] HARMLESS = {
        "HS_ADMIN".getBytes(StandardCharsets.US_ASCII),
        "HS_SECKEY".getBytes(StandardCharsets.US_ASCII),
        "HS_PUBKEY".getBytes(StandardCharsets.US_ASCII),
        "HS_VLIST".getBytes(StandardCharsets.US_ASCII)
    };
    private static final int RECORD_BYTES_MAX = 16 * 1024;

    private final RecordStore records;
    private final RecordReader reader;
    private final ByteBuffer key = ByteBuffer.allocateDirect(PREFIX_OF_PREFIXES.length + PlainRequest.HANDLE_BYTES_MAX);
    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES_MAX);
    private final ValueCursor values = new ValueCursor();

    LocalPrefixes(RecordStore records, RecordReader reader) {
        this.records = records;
        this.reader = reader;
        key.put(PREFIX_OF_PREFIXES);
    }

    /** @param name folded, from the buffer's position to its limit */
    boolean mayDeny(ByteBuffer name) {
        int slash = slash(name);
        if (slash <= 0 || slash == name.remaining() - 1) {
            return false;
        }
        key.limit(PREFIX_OF_PREFIXES.length + slash);
        key.put(PREFIX_OF_PREFIXES.length, name, name.position(), slash);
        key.position(0);
        int bytes = reader.read(records, records.hash(key), key, record);
        return bytes >= 0 && bytes <= record.capacity() && understands(bytes);
    }

    /** Offset of the first slash; -1 if there is none, or if the name has other octets than printable ASCII. */
    private static int slash(ByteBuffer name) {
        int slash = -1;
        for (int i = name.remaining() - 1; i >= 0; i--) {
            byte octet = name.get(name.position() + i);
            if (octet < ' ' || octet == 0x7f) {
                return -1;
            }
            slash = octet == '/' ? i : slash;
        }
        return slash;
    }

    private boolean understands(int bytes) {
        if (bytes < StoredRecord.SPELLING_OFFSET || StoredRecord.version(record, 0) != StoredRecord.VERSION) {
            return false;
        }
        int at = StoredRecord.valuesOffset(record, 0);
        int count = at > bytes - 4 ? -1 : record.getInt(at);
        values.reset(record, at + 4, bytes);
        for (int n = 0; n < count; n++) {
            if (!values.next() || (isOfType(SYSTEM_TYPE, true) && !isHarmless())) {
                return false;
            }
        }
        return count >= 0 && count <= HandleValueCodec.MAX_VALUES;
    }

    private boolean isHarmless() {
        for (byte[] type : HARMLESS) {
            if (isOfType(type, false)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOfType(byte[] type, boolean orBeginsSo) {
        if (values.typeBytes() != type.length && !(orBeginsSo && values.typeBytes() > type.length)) {
            return false;
        }
        for (int i = 0; i < type.length; i++) {
            if (values.typeOctet(i) != type[i]) {
                return false;
            }
        }
        return true;
    }
}
