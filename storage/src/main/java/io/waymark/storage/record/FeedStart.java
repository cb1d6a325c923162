package io.waymark.storage.record;

import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends feeds. What is in the store when a feed begins is noted as one bulk, so that who reads it from its
 * beginning knows every record; also which records are gone, for those who knew them from another feed. What changes while
 * there is no feed is not noted: a feed begun again has another epoch and tells everything anew.
 */
final class FeedStart {
    private static final Logger LOG = LoggerFactory.getLogger(FeedStart.class);
    private static final int EPOCH_BYTES = 8;
    private static final int KEYS_PER_BATCH = 10_000;

    private final RecordTables tables;
    private final Clock clock;

    FeedStart(RecordTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** The feed; null if there is to be none. */
    RecordTables.@Nullable Feed prepare(boolean wanted) {
        RecordTables.Feed feed = tables.feed();
        if (wanted) {
            return feed == null ? begin() : feed;
        }
        if (feed != null) {
            LOG.warn(
                    "the feed of {} ends; when it is switched on again it tells every record anew",
                    tables.store().directory());
            clear();
        }
        return null;
    }

    /** Begins a feed in place of any other. Nothing else may write meanwhile. */
    RecordTables.Feed begin() {
        byte[] random = new byte[EPOCH_BYTES];
        new SecureRandom().nextBytes(random);
        clear();
        long bulkId = BulkIds.draw();
        long count = writeKeys(bulkId);
        Mark before = tables.changed();
        RecordTables.Feed feed = new RecordTables.Feed(HexFormat.of().formatHex(random), before.sequence() + 1);
        try (RocksBatch batch = new RocksBatch()) {
            tables.putPublished(batch, before);
            tables.putFeed(batch, feed);
            if (count > 0) {
                Mark after = new Mark(
                        before.sequence() + count, Math.max(clock.millis(), before.millis()), before.notes() + 1);
                tables.outbox()
                        .put(
                                batch,
                                new OutboxTable.Note(
                                        Action.FOUND,
                                        after.notes(),
                                        after.millis(),
                                        bulkId,
                                        count,
                                        after.sequence(),
                                        Author.NODE,
                                        new byte[0]));
                tables.putChanged(batch, after);
            }
            tables.store().write(batch);
        }
        LOG.info(
                "a feed of {} begins with {} records, present or gone",
                tables.store().directory(),
                count);
        return feed;
    }

    private long writeKeys(long bulkId) {
        return writeKeys(bulkId, tables.records(), row -> true)
                + writeKeys(
                        bulkId, tables.heads(), row -> !RecordHead.decode(row).isThere());
    }

    private long writeKeys(long bulkId, ColumnFamily family, Predicate<byte[]> wanted) {
        long count = 0;
        try (RocksBatch batch = new RocksBatch();
                Cursor cursor = tables.store().cursor(family)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                if (wanted.test(cursor.value())) {
                    tables.outbox().putBulkKey(batch, bulkId, cursor.key());
                    count++;
                }
                if (batch.size() == KEYS_PER_BATCH) {
                    tables.store().write(batch);
                    batch.clear();
                }
            }
            tables.store().write(batch);
        }
        return count;
    }

    /** Forgets a feed, also one that was only half begun. */
    private void clear() {
        try (RocksBatch batch = new RocksBatch()) {
            tables.deleteFeed(batch);
            tables.outbox().clear(batch);
            tables.store().write(batch);
        }
    }
}
