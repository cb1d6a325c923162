package io.waymark.storage.record;

import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends the feed when a store is opened. What is in the store when the feed begins is noted as one bulk, so that
 * who reads the feed from its beginning knows every record. What changes while there is no feed is not noted: a feed begun
 * again has another epoch and tells everything anew.
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

    /** The feed's epoch; null if there is to be no feed. */
    @Nullable
    String prepare(boolean wanted) {
        String epoch = tables.feedEpoch();
        if (wanted) {
            return epoch == null ? begin() : epoch;
        }
        if (epoch != null) {
            LOG.warn(
                    "the feed of {} ends; when it is switched on again it tells every record anew",
                    tables.store().directory());
            clear();
        }
        return null;
    }

    private String begin() {
        byte[] random = new byte[EPOCH_BYTES];
        new SecureRandom().nextBytes(random);
        String epoch = HexFormat.of().formatHex(random);
        clear();
        long bulkId = BulkIds.draw();
        long count = writeKeys(bulkId);
        Mark before = tables.changed();
        try (RocksBatch batch = new RocksBatch()) {
            tables.putPublished(batch, before);
            tables.putFeedEpoch(batch, epoch);
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
        LOG.info("a feed of {} begins with {} records", tables.store().directory(), count);
        return epoch;
    }

    private long writeKeys(long bulkId) {
        long count = 0;
        try (RocksBatch batch = new RocksBatch();
                Cursor cursor = tables.store().cursor(tables.records())) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                tables.outbox().putBulkKey(batch, bulkId, cursor.key());
                if (++count % KEYS_PER_BATCH == 0) {
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
            tables.deleteFeedEpoch(batch);
            tables.outbox().clear(batch);
            tables.store().write(batch);
        }
    }
}
