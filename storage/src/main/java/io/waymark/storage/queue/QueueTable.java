package io.waymark.storage.queue;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Queues on disk, big-endian.
 *
 * <pre>
 * queues  key:   i8 queue number, i8 sequence number
 *         value: opaque; at sequence number 0 a mark: i8 last sequence number given, i8 sent up to
 * </pre>
 *
 * <p>Changes go into the caller's batch, on the spool's writer thread. Reading: any thread.
 */
public final class QueueTable {
    /** Name of the family. */
    public static final String QUEUES = "queues";

    private static final long MARK = 0;

    /**
     * An entry found.
     *
     * @param value not written to
     */
    public record Entry(long sequence, byte[] value) {}

    /** Receives an entry found at start. */
    public interface Visitor {
        /** In order of queue, then sequence; false = nobody has that queue, drop all of it. */
        boolean visit(long queue, long sequence, byte[] value);

        /**
         * In front of the queue's entries, if the store was left in good order: the last sequence number given, and up to which
         * entries may have been sent. The mark is gone from the store afterwards. False as in {@link #visit}.
         */
        default boolean marked(long queue, long last, long sent) {
            return true;
        }
    }

    private final RocksStore store;
    private final ColumnFamily queues;

    /** A view on the family of an open store. */
    public QueueTable(RocksStore store) {
        this.store = store;
        this.queues = store.family(QUEUES);
    }

    /** Adds the change to the batch. */
    public void apply(RocksBatch batch, QueueChange change) {
        if (change.queue().isDeleted()) {
            return;
        }
        if (change instanceof QueueChange.Append append) {
            append.sequence(append.queue().next());
            batch.put(queues, key(append.queue().number(), append.sequence()), append.entry());
        } else if (change instanceof QueueChange.Replace replace) {
            batch.put(queues, key(replace.queue().number(), replace.sequence()), replace.entry());
        } else if (change instanceof QueueChange.Mark mark && mark.queue().isUsed()) {
            byte[] value = ByteBuffer.allocate(16)
                    .putLong(mark.queue().last())
                    .putLong(mark.sent())
                    .array();
            batch.put(queues, key(mark.queue().number(), MARK), value);
        } else if (change instanceof QueueChange.Remove remove) {
            for (long sequence : remove.sequences()) {
                batch.delete(queues, key(remove.queue().number(), sequence));
            }
        }
    }

    /** Takes back an append that nobody was told of. */
    public void undo(RocksBatch batch, QueueChange.Append append) {
        if (append.sequence() > 0) {
            batch.delete(queues, key(append.queue().number(), append.sequence()));
        }
    }

    /** Drops the queue; what is changed later does nothing. */
    public void delete(RocksBatch batch, SessionQueue queue) {
        queue.delete();
        if (queue.isUsed()) {
            deleteAll(batch, queue.number());
        }
    }

    private void deleteAll(RocksBatch batch, long number) {
        batch.deleteRange(queues, key(number, 0), key(number + 1, 0));
    }

    /** Durable entries from a sequence number on, at most so many and about so many octets, but at least one if there is one. */
    public List<Entry> read(SessionQueue queue, long from, int entriesMax, long octetsMax) {
        List<Entry> found = new ArrayList<>();
        try (Cursor cursor = store.cursor(queues)) {
            boolean more = cursor.seek(key(queue.number(), from));
            long octets = 0;
            while (more && found.size() < entriesMax && octets < octetsMax) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                if (key.getLong() != queue.number()) {
                    break;
                }
                Entry entry = new Entry(key.getLong(), cursor.value());
                found.add(entry);
                octets += entry.value().length;
                more = cursor.next();
            }
        }
        return found;
    }

    /** Every entry; at start, before anything is written. */
    public void visit(Visitor visitor) {
        List<Long> dropped = new ArrayList<>();
        List<Long> marked = new ArrayList<>();
        try (Cursor cursor = store.cursor(queues)) {
            boolean more = cursor.seekFirst();
            while (more) {
                ByteBuffer key = ByteBuffer.wrap(cursor.key());
                long number = key.getLong();
                long sequence = key.getLong();
                if (sequence == MARK) {
                    marked.add(number);
                }
                if (visit(visitor, number, sequence, cursor.value())) {
                    more = cursor.next();
                } else {
                    dropped.add(number);
                    more = cursor.seek(key(number + 1, 0));
                }
            }
        }
        drop(dropped, marked);
    }

    private static boolean visit(Visitor visitor, long number, long sequence, byte[] value) {
        if (sequence != MARK) {
            return visitor.visit(number, sequence, value);
        }
        ByteBuffer mark = ByteBuffer.wrap(value);
        return visitor.marked(number, mark.getLong(), mark.getLong());
    }

    /** A mark that outlived its opening would say of what is sent from now on that it never was. */
    private void drop(List<Long> numbers, List<Long> marks) {
        if (numbers.isEmpty() && marks.isEmpty()) {
            return;
        }
        try (RocksBatch batch = new RocksBatch()) {
            marks.forEach(number -> batch.delete(queues, key(number, MARK)));
            numbers.forEach(number -> deleteAll(batch, number));
            store.write(batch);
        }
    }

    private static byte[] key(long number, long sequence) {
        return ByteBuffer.allocate(16).putLong(number).putLong(sequence).array();
    }
}
