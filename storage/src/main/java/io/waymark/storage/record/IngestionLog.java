package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.record.Ingestion.Bulk;
import io.waymark.storage.record.Ingestion.Table;
import io.waymark.storage.rocks.RocksBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the ingestion into several tables one change, although RocksDB takes files into one column family at a time: the
 * intent is written first, durably, and what a crash leaves unfinished is finished before anything else is written, or read
 * by a new process. Ingesting a file again changes nothing, because nothing was written in between. The last act, in one
 * batch: the feed's notes, the number of the last change, and the end of the intent. Writer thread, or the thread that opens
 * the store.
 */
final class IngestionLog {
    private static final Logger LOG = LoggerFactory.getLogger(IngestionLog.class);
    private static final byte[] KEY = "ingestion".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_KEY = {};

    private final RecordTables tables;
    /** Whether the intent may be on disk; a new process must look. */
    private boolean unfinished = true;

    IngestionLog(RecordTables tables) {
        this.tables = tables;
    }

    /** All or nothing. A failure before anything changed is taken back; a later one is finished by {@link #finish}. */
    void take(Ingestion ingestion, Author author, long nowMillis) {
        Map<Table, List<Path>> files = new EnumMap<>(ingestion.files());
        files.put(Table.HEADS, ingestion.heads().write(maker(ingestion, author, nowMillis)));
        IngestionIntent intent =
                new IngestionIntent(nowMillis, author, ingestion.created(), ingestion.replacing(), files);
        files.values().forEach(list -> list.forEach(IngestionLog::demand));
        unfinished = true;
        remember(intent);
        boolean changed = false;
        try {
            for (Table table : Table.values()) {
                changed |= table.compareTo(Table.HEADS) >= 0
                        && !files.getOrDefault(table, List.of()).isEmpty();
                ingest(table, files.getOrDefault(table, List.of()));
            }
            complete(intent);
        } catch (StorageException e) {
            if (!changed) {
                takeBack(intent);
            }
            throw e;
        }
    }

    private Ingestion.HeadMaker maker(Ingestion ingestion, Author author, long nowMillis) {
        long before = tables.changed().sequence();
        return (seed, hasAliases, created, ordinal) -> {
            long sequence =
                    before + 1 + ordinal + (created ? 0 : ingestion.created().count());
            Action action = created ? Action.CREATED : Action.REPLACED;
            return HeadSeed.decode(seed)
                    .head(action, hasAliases, sequence, nowMillis, author)
                    .encode();
        };
    }

    /** Finishes what was begun; whether there was something. Nothing else may be written before. */
    boolean finish() {
        if (!unfinished) {
            return false;
        }
        byte[] stored = tables.store().get(tables.meta(), KEY);
        if (stored == null) {
            unfinished = false;
            return false;
        }
        IngestionIntent intent = IngestionIntent.decode(stored, tables.store().directory());
        LOG.info("finishing an import that was cut off: {}", intent);
        intent.files().values().forEach(list -> list.forEach(IngestionLog::demand));
        intent.files().forEach(this::ingest);
        complete(intent);
        return true;
    }

    private void remember(IngestionIntent intent) {
        try (RocksBatch batch = new RocksBatch()) {
            batch.put(tables.meta(), KEY, intent.encode(tables.store().directory()));
            tables.store().write(batch);
        }
    }

    private void complete(IngestionIntent intent) {
        try (RocksBatch batch = new RocksBatch()) {
            Mark mark = tables.changed();
            mark = note(batch, mark, intent, intent.created(), Action.CREATED);
            mark = note(batch, mark, intent, intent.replacing(), Action.REPLACED);
            tables.putChanged(batch, mark);
            batch.delete(tables.meta(), KEY);
            tables.store().write(batch);
        }
        unfinished = false;
    }

    private Mark note(RocksBatch batch, Mark before, IngestionIntent intent, Bulk bulk, Action action) {
        if (bulk.count() == 0) {
            return before;
        }
        boolean fed = tables.feed() != null;
        Mark after = new Mark(before.sequence() + bulk.count(), intent.millis(), before.notes() + (fed ? 1 : 0));
        if (fed) {
            OutboxTable.Note note = new OutboxTable.Note(
                    action,
                    after.notes(),
                    after.millis(),
                    bulk.id(),
                    bulk.count(),
                    after.sequence(),
                    intent.author(),
                    NO_KEY);
            tables.outbox().put(batch, note);
        }
        return after;
    }

    private void takeBack(IngestionIntent intent) {
        try (RocksBatch batch = new RocksBatch()) {
            tables.outbox().deleteBulk(batch, intent.created().id());
            tables.outbox().deleteBulk(batch, intent.replacing().id());
            batch.delete(tables.meta(), KEY);
            tables.store().write(batch);
        }
        unfinished = false;
    }

    private void ingest(Table table, List<Path> files) {
        if (!files.isEmpty()) {
            tables.store().ingest(tables.family(table), files);
        }
    }

    private static void demand(Path file) {
        if (!Files.isReadable(file)) {
            throw new StorageException("an import was cut off while it was committed and cannot be finished: " + file
                    + " is missing; put the file back");
        }
    }
}
