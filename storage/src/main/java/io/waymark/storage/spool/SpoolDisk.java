package io.waymark.storage.spool;

import io.waymark.storage.StorageException;
import io.waymark.storage.note.NoteTable;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.retained.RetainedTable;
import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.DiskFormat;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.FamilySpec.Use;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import io.waymark.storage.rocks.StoreRepair;
import io.waymark.storage.session.SessionTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/**
 * What lies on disk, big-endian.
 *
 * <pre>
 * entries         i8 position → {@link SpoolEntryCodec}
 * sessions, qos2  see {@link SessionTable}
 * queues          see {@link QueueTable}
 * retained        see {@link RetainedTable}
 * notes           see {@link NoteTable}
 * totals          see {@link GroupTotals}
 * meta            "format"  → i4 {@value #FORMAT}
 *                 "epoch"   → 16 hexadecimal digits, drawn when the spool was created
 *                 "trimmed" → i8 highest position dropped, i8 its end offset; absent: 0, 0
 * </pre>
 *
 * <p>Positions held are exactly {@code trimmed + 1 … last}. The mark of what was dropped is written in the batch that
 * drops it, so a position is never given twice, also when a restart finds no entry at all.
 */
final class SpoolDisk implements AutoCloseable {
    static final int FORMAT = 2;

    private static final byte[] EPOCH = "epoch".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRIMMED = "trimmed".getBytes(StandardCharsets.US_ASCII);
    private static final int EPOCH_BYTES = 8;
    private static final long BLOCK_CACHE_BYTES = 16L << 20;
    private static final long WAL_BYTES_MAX = 256L << 20;

    /** A position and the bytes spooled up to its end. */
    record Mark(long position, long endOffset) {
        static final Mark NONE = new Mark(0, 0);
    }

    private static final long WAL_BYTES_MIN = 1L << 20;

    private final RocksStore store;
    private final DiskReserve reserve;
    private final ColumnFamily entries;
    private final ColumnFamily totals;
    private final ColumnFamily meta;
    private final SessionTable sessions;
    private final QueueTable queues;
    private final RetainedTable retained;
    private final NoteTable notes;
    private final String epoch;
    private final Mark trimmedAtOpen;
    private final Mark lastAtOpen;

    private SpoolDisk(RocksStore store, DiskReserve reserve) {
        this.store = store;
        this.reserve = reserve;
        this.entries = store.family("entries");
        this.totals = store.family("totals");
        this.meta = store.family("meta");
        this.sessions = new SessionTable(store);
        this.queues = new QueueTable(store);
        this.retained = new RetainedTable(store);
        this.notes = new NoteTable(store);
        DiskFormat.upgrade(store, meta, FORMAT);
        this.epoch = readOrDrawEpoch();
        this.trimmedAtOpen = readTrimmed();
        this.lastAtOpen = findLast();
    }

    /**
     * Opens it, or creates it.
     *
     * @param reserveBytes of its file system to be kept free. The log is at most half of that: to write out what it holds
     *     takes as much again
     * @throws StorageException if it is locked, newer, unreadable, or entries between first and trimmed are missing
     */
    static SpoolDisk open(Path directory, long reserveBytes) {
        List<FamilySpec> families = List.of(
                new FamilySpec("entries", Use.LOG),
                new FamilySpec(SessionTable.SESSIONS, Use.SMALL),
                new FamilySpec(SessionTable.QOS2, Use.SMALL),
                new FamilySpec(QueueTable.QUEUES, Use.QUEUE),
                new FamilySpec(RetainedTable.RETAINED, Use.SMALL),
                new FamilySpec(NoteTable.NOTES, Use.QUEUE),
                new FamilySpec("totals", Use.SMALL),
                new FamilySpec("meta", Use.SMALL));
        DiskReserve reserve = DiskReserve.of(RocksStore.createDirectory(directory), reserveBytes);
        RocksStore store =
                RocksStore.open(new RocksConfig(directory, families, BLOCK_CACHE_BYTES, walBytesMax(reserve.bytes())));
        try {
            return new SpoolDisk(store, reserve);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static long walBytesMax(long reserveBytes) {
        return reserveBytes == 0 ? WAL_BYTES_MAX : Math.max(WAL_BYTES_MIN, Math.min(WAL_BYTES_MAX, reserveBytes / 2));
    }

    /** What it keeps free. */
    DiskReserve reserve() {
        return reserve;
    }

    String epoch() {
        return epoch;
    }

    /** What was dropped when the spool was opened. */
    Mark trimmedAtOpen() {
        return trimmedAtOpen;
    }

    /** The last entry when the spool was opened. */
    Mark lastAtOpen() {
        return lastAtOpen;
    }

    SessionTable sessions() {
        return sessions;
    }

    QueueTable queues() {
        return queues;
    }

    RetainedTable retained() {
        return retained;
    }

    NoteTable notes() {
        return notes;
    }

    /** The totals as they are on disk. */
    GroupTotals totals() {
        GroupTotals found = new GroupTotals(lastAtOpen.position());
        try (Cursor cursor = store.cursor(totals)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                found.restore(new String(cursor.key(), StandardCharsets.UTF_8), cursor.value());
            }
        }
        found.settle();
        return found;
    }

    void putTotals(RocksBatch batch, String group, byte[] value) {
        batch.put(totals, group.getBytes(StandardCharsets.UTF_8), value);
    }

    /** Both direct, position to limit. */
    void put(RocksBatch batch, ByteBuffer key, ByteBuffer entry) {
        batch.put(entries, key, entry);
    }

    /** The same for an entry on the heap. */
    void put(RocksBatch batch, long position, byte[] entry) {
        batch.put(entries, key(position), entry);
    }

    /** Drops entries from (inclusive) … to (inclusive). */
    void delete(RocksBatch batch, long from, long to) {
        batch.deleteRange(entries, key(from), key(to + 1));
    }

    /** Drops everything behind one mark up to another and remembers that. */
    void trim(RocksBatch batch, Mark from, Mark to) {
        delete(batch, from.position() + 1, to.position());
        byte[] value = ByteBuffer.allocate(16)
                .putLong(to.position())
                .putLong(to.endOffset())
                .array();
        batch.put(meta, TRIMMED, value);
    }

    void write(RocksBatch batch) {
        store.write(batch);
    }

    /** Where it lies. */
    Path directory() {
        return store.directory();
    }

    /** For the thread that writes. */
    StoreRepair repair(Clock clock) {
        return new StoreRepair(store, clock);
    }

    /** Gives back the disk space of whole files up to a position whose trim is durable. */
    void dropFiles(long position) {
        store.dropFiles(entries, key(0), key(position + 1));
    }

    /** Begins to give back the space of the log, and of what was dropped before it came into a file. */
    void giveBackLog() {
        store.flush();
    }

    /** The mark of a position held. */
    Mark mark(long position) {
        byte[] entry = store.get(entries, key(position));
        if (entry == null) {
            throw missing(position);
        }
        return new Mark(position, SpoolEntryCodec.endOffset(entry));
    }

    Cursor cursor() {
        return store.cursor(entries);
    }

    SpoolMessage decode(long position, byte[] entry) {
        try {
            return SpoolEntryCodec.decode(position, entry);
        } catch (DamagedEntryException e) {
            throw new StorageException(
                    "spool entry " + position + " in " + store.directory() + " " + e.getMessage(), e);
        }
    }

    StorageException missing(long position) {
        return new StorageException("spool entry " + position + " in " + store.directory() + " is missing");
    }

    @Override
    public void close() {
        store.close();
    }

    static byte[] key(long position) {
        return ByteBuffer.allocate(8).putLong(position).array();
    }

    static long position(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    private String readOrDrawEpoch() {
        byte[] stored = store.get(meta, EPOCH);
        return stored != null ? new String(stored, StandardCharsets.US_ASCII) : drawEpoch();
    }

    private String drawEpoch() {
        byte[] random = new byte[EPOCH_BYTES];
        new SecureRandom().nextBytes(random);
        String drawn = HexFormat.of().formatHex(random);
        try (RocksBatch batch = new RocksBatch()) {
            batch.put(meta, EPOCH, drawn.getBytes(StandardCharsets.US_ASCII));
            store.write(batch);
        }
        return drawn;
    }

    private Mark readTrimmed() {
        byte[] stored = store.get(meta, TRIMMED);
        if (stored == null) {
            return Mark.NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        return new Mark(in.getLong(), in.getLong());
    }

    private Mark findLast() {
        try (Cursor cursor = cursor()) {
            if (!cursor.seekFirst()) {
                return trimmedAtOpen;
            }
            if (position(cursor.key()) != trimmedAtOpen.position() + 1) {
                throw missing(trimmedAtOpen.position() + 1);
            }
            cursor.seekLast();
            return new Mark(position(cursor.key()), SpoolEntryCodec.endOffset(cursor.value()));
        }
    }
}
