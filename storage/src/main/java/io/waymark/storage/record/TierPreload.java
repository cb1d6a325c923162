package io.waymark.storage.record;

import io.waymark.storage.rocks.Cursor;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Fills an empty memory tier from the disk, in order of keys, until there is hardly any room: after a restart nobody should
 * have to ask twice. In portions, because a portion sees the records as they were when it began, and what is written meanwhile
 * is left out of it. One thread.
 */
final class TierPreload {
    private static final int PORTION = 10_000;
    /** Of a portion: the places for small records are used up in some corners before others. */
    private static final int REFUSED_MAX = PORTION / 10;

    private final RecordTables tables;
    private final MemoryTier tier;
    private final BooleanSupplier stop;
    private byte[] next = new byte[0];
    private long kept;

    TierPreload(RecordTables tables, MemoryTier tier, BooleanSupplier stop) {
        this.tables = tables;
        this.tier = tier;
        this.stop = stop;
    }

    /** How many records found room. */
    long run() {
        boolean more = true;
        while (more && !stop.getAsBoolean()) {
            more = portion();
        }
        return kept;
    }

    /** Whether there are more records, and room for them. */
    private boolean portion() {
        long[] stamps = tier.stamps();
        int refused = 0;
        try (Cursor cursor = tables.store().cursor(tables.records())) {
            boolean more = cursor.seek(next);
            for (int n = 0; more && n < PORTION && refused < REFUSED_MAX; n++) {
                refused += keep(cursor.key(), cursor.value(), stamps) ? 0 : 1;
                more = cursor.next();
            }
            next = more ? cursor.key() : next;
            return more && refused < REFUSED_MAX;
        }
    }

    private boolean keep(byte[] key, byte[] record, long[] stamps) {
        ByteBuffer octets = ByteBuffer.wrap(record);
        int length = StoredRecord.dropSpelling(octets, record.length);
        boolean room = tier.fillFree(ByteBuffer.wrap(key), octets, length, stamps);
        kept += room ? 1 : 0;
        return room;
    }
}
