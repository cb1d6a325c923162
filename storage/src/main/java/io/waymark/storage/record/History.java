package io.waymark.storage.record;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what records are and were. Any thread. */
final class History {
    private final RecordTables tables;
    private final Clock clock;

    /** Head and content as they were at one moment. */
    private record Current(@Nullable RecordHead head, byte @Nullable [] stored) {}

    /** @param clock bounds the times of values that name a later one */
    History(RecordTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** What was in force at a time. */
    AsOf asOf(Handle handle, long millis) {
        byte[] key = utf8(handle.canonical());
        Current current = current(key);
        HistoryTable.Row now = now(current);
        if (now == null) {
            return AsOf.unknown(AsOf.Reach.NEVER_YET);
        }
        if (now.millis() <= millis) {
            return AsOf.known(version(key, now));
        }
        HistoryTable.Row then = first(key, millis, Long.MAX_VALUE);
        if (then != null) {
            return AsOf.known(version(key, then));
        }
        return AsOf.unknown(beginsWithCreation(key, now) ? AsOf.Reach.NEVER_YET : AsOf.Reach.BEYOND_HISTORY);
    }

    /** Versions made by changes before the given one, youngest first. */
    List<Version> list(Handle handle, long beforeSequence, int limit) {
        byte[] key = utf8(handle.canonical());
        List<Version> found = new ArrayList<>();
        HistoryTable.Row now = now(current(key));
        if (now == null || limit < 1) {
            return found;
        }
        if (now.sequence() < beforeSequence) {
            found.add(version(key, now));
        }
        long bound = Math.min(beforeSequence, now.sequence());
        tables.history().visit(key, now.millis(), (rowKey, row) -> {
            if (found.size() < limit && row.sequence() < bound) {
                found.add(version(key, row));
            }
            return found.size() < limit;
        });
        return found;
    }

    /** What a noted change made of its record. */
    HistoryTable.Row madeBy(OutboxTable.Note note) {
        HistoryTable.Row now = now(current(note.key()));
        if (now != null && now.sequence() == note.sequence()) {
            return now;
        }
        HistoryTable.Row then = tables.history().get(note.key(), note.millis(), note.sequence());
        if (then == null) {
            throw missing(note.key(), note.sequence());
        }
        return then;
    }

    /** What a record was when the change with this number was the last. */
    HistoryTable.Row before(byte[] key, long sequence) {
        HistoryTable.Row now = now(current(key));
        if (now != null && now.sequence() <= sequence) {
            return now;
        }
        HistoryTable.Row then = now == null ? null : first(key, now.millis(), sequence);
        if (then == null) {
            throw missing(key, sequence);
        }
        return then;
    }

    Version version(byte[] key, HistoryTable.Row row) {
        try {
            boolean there = row.stored().length > 0;
            return new Version(
                    there
                            ? StoredRecord.handle(key, row.stored())
                            : new Handle(new String(key, StandardCharsets.UTF_8)),
                    row.sequence(),
                    row.millis(),
                    row.action(),
                    row.author(),
                    there ? StoredRecord.values(row.stored()) : List.of());
        } catch (MalformedRecordException e) {
            throw new StorageException(
                    "version " + row.sequence() + " of " + new String(key, StandardCharsets.UTF_8) + " in "
                            + tables.store().directory() + " is damaged: " + e.getMessage(),
                    e);
        }
    }

    /** A record that has no head, as the version it is. */
    static HistoryTable.Row found(byte[] stored, long notAfterMillis) {
        try {
            long seconds = StoredRecord.values(stored).stream()
                    .mapToLong(HandleValue::timestampSeconds)
                    .max()
                    .orElse(0);
            long millis = Math.min(Math.max(0, seconds * 1_000), notAfterMillis);
            return new HistoryTable.Row(Action.FOUND, 1, 0, millis, Author.UNKNOWN, stored);
        } catch (MalformedRecordException e) {
            throw new StorageException("record is damaged: " + e.getMessage(), e);
        }
    }

    private HistoryTable.@Nullable Row first(byte[] key, long millis, long sequenceMax) {
        HistoryTable.Row[] found = new HistoryTable.Row[1];
        tables.history().visit(key, Math.max(0, millis), (rowKey, row) -> {
            found[0] = row.sequence() <= sequenceMax ? row : null;
            return found[0] == null;
        });
        return found[0];
    }

    private boolean beginsWithCreation(byte[] key, HistoryTable.Row now) {
        HistoryTable.Row[] oldest = {now};
        tables.history().visit(key, now.millis(), (rowKey, row) -> {
            oldest[0] = row;
            return true;
        });
        return oldest[0].action() == Action.CREATED && oldest[0].number() == 1;
    }

    private HistoryTable.@Nullable Row now(Current current) {
        RecordHead head = current.head();
        byte[] stored = current.stored();
        if (head == null) {
            return stored == null ? null : found(stored, clock.millis());
        }
        return HistoryTable.Row.of(head, stored);
    }

    /** Both are written together but read one after the other: until they fit. */
    private Current current(byte[] key) {
        RecordHead head = tables.head(key);
        while (true) {
            byte[] stored = tables.record(key);
            RecordHead again = tables.head(key);
            if (again == null ? head == null : head != null && head.sequence() == again.sequence()) {
                return new Current(head, stored);
            }
            head = again;
        }
    }

    private StorageException missing(byte[] key, long sequence) {
        return new StorageException("version " + sequence + " of " + new String(key, StandardCharsets.UTF_8) + " in "
                + tables.store().directory() + " is missing");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
