package io.waymark.storage.spool;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.RocksBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many messages of each device group were ever spooled: one row per group that occurs in a batch, written with the batch.
 * Their sum is the last position.
 *
 * <pre>
 * key   group, UTF-8
 * value 0 u1 version = 1, 1 i8 messages ever spooled, 9 i8 those of QoS 0
 * </pre>
 *
 * <p>{@link #row} is for any thread, {@link #snapshot} too; the rest belongs to the writer thread.
 */
final class GroupTotals {
    /** Rows kept; messages of further groups are counted, and named, as one. */
    static final int ROWS_MAX = 10_000;

    private static final int VERSION = 1;
    private static final int ROW_BYTES = 17;

    /** One group. Written by the writer thread; what was committed is read under the lock of {@link GroupTotals}. */
    static final class Row {
        private final String group;
        private long messages;
        private long messagesQos0;
        private long committed;
        private long committedQos0;
        private boolean touched;

        Row(String group) {
            this.group = group;
        }

        String group() {
            return group;
        }
    }

    private final ConcurrentHashMap<String, Row> rows = new ConcurrentHashMap<>();
    private final List<Row> touched = new ArrayList<>();
    private long position;

    /** Nothing spooled yet. */
    GroupTotals(long position) {
        this.position = position;
    }

    /** A row as found on disk. At start. */
    void restore(String group, byte[] value) {
        if (value.length != ROW_BYTES || value[0] != VERSION) {
            throw new StorageException("totals of group " + group + " must have version " + VERSION + " and "
                    + ROW_BYTES + " bytes but have " + value.length);
        }
        ByteBuffer in = ByteBuffer.wrap(value, 1, ROW_BYTES - 1);
        Row row = new Row(group);
        row.messages = in.getLong();
        row.messagesQos0 = in.getLong();
        row.committed = row.messages;
        row.committedQos0 = row.messagesQos0;
        rows.put(group, row);
    }

    /** Messages spooled before there were totals belong to no group. At start, after all rows. */
    void settle() {
        long counted = rows.values().stream().mapToLong(row -> row.messages).sum();
        if (counted != position) {
            Row row = row(SpoolMessage.NO_GROUP);
            row.messages += position - counted;
            row.committed = row.messages;
        }
    }

    /** Where messages of this group are counted. */
    Row row(String group) {
        Row row = rows.get(group);
        if (row != null) {
            return row;
        }
        String name = rows.size() < ROWS_MAX ? group : SpoolMessage.OTHER_GROUPS;
        return rows.computeIfAbsent(name, Row::new);
    }

    /** One more message; returns its number in the group, from 1. */
    long count(Row row, int qos) {
        if (!row.touched) {
            row.touched = true;
            touched.add(row);
        }
        row.messagesQos0 += qos == 0 ? 1 : 0;
        return ++row.messages;
    }

    /** Puts what was counted since the last commit into its batch. */
    void write(SpoolDisk disk, RocksBatch batch) {
        for (int i = 0; i < touched.size(); i++) {
            put(disk, batch, touched.get(i));
        }
    }

    /** The batch is durable. */
    synchronized void committed(long last) {
        for (int i = 0; i < touched.size(); i++) {
            Row row = touched.get(i);
            row.committed = row.messages;
            row.committedQos0 = row.messagesQos0;
            row.touched = false;
        }
        touched.clear();
        position = last;
    }

    /** Forgets what was counted since the last commit; returns the rows that changes of it may have reached on disk. */
    List<Row> rollBack() {
        List<Row> undone = List.copyOf(touched);
        for (Row row : undone) {
            row.messages = row.committed;
            row.messagesQos0 = row.committedQos0;
            row.touched = false;
        }
        touched.clear();
        return undone;
    }

    void put(SpoolDisk disk, RocksBatch batch, Row row) {
        byte[] value = ByteBuffer.allocate(ROW_BYTES)
                .put((byte) VERSION)
                .putLong(row.messages)
                .putLong(row.messagesQos0)
                .array();
        disk.putTotals(batch, row.group, value);
    }

    /** What is durable now. Any thread. */
    synchronized SpoolTotals snapshot(String epoch) {
        List<SpoolTotals.Group> groups = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.committed > 0) {
                groups.add(new SpoolTotals.Group(row.group, row.committed, row.committedQos0));
            }
        }
        return new SpoolTotals(epoch, position, groups);
    }
}
