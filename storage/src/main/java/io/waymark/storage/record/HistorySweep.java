package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.Cursor;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the heads of all records for a past that is older than the policy keeps, and has the writer drop it. In
 * portions, because an open cursor keeps a store under repair waiting. One thread.
 */
final class HistorySweep {
    private static final int HEADS_AT_ONCE = 10_000;
    private static final int KEYS_AT_ONCE = 256;

    private final RecordTables tables;
    private final HistoryPolicy policy;
    private final Clock clock;
    private final Function<List<byte[]>, CompletableFuture<Void>> forget;
    private byte @Nullable [] next = new byte[0];

    /** @param forget has the writer look at records' past; completes when that is durable */
    HistorySweep(
            RecordTables tables,
            HistoryPolicy policy,
            Clock clock,
            Function<List<byte[]>, CompletableFuture<Void>> forget) {
        this.tables = tables;
        this.policy = policy;
        this.clock = clock;
        this.forget = forget;
    }

    /** How many records had a past to drop. */
    long run() {
        long found = 0;
        while (next != null) {
            List<byte[]> aged = portion(next);
            found += aged.size();
            drop(aged);
        }
        return found;
    }

    private List<byte[]> portion(byte[] from) {
        List<byte[]> aged = new ArrayList<>();
        long horizon = policy.horizon(clock.millis());
        try (Cursor cursor = tables.store().cursor(tables.heads())) {
            boolean more = cursor.seek(from);
            for (int n = 0; more && n < HEADS_AT_ONCE && aged.size() < KEYS_AT_ONCE; n++) {
                if (hasAgedPast(RecordHead.decode(cursor.value()), horizon)) {
                    aged.add(cursor.key());
                }
                more = cursor.next();
            }
            next = more ? cursor.key() : null;
        }
        return aged;
    }

    private static boolean hasAgedPast(RecordHead head, long horizon) {
        return (head.kept() > 0 && head.oldestUntilMillis() < horizon) || (!head.isThere() && head.millis() < horizon);
    }

    private void drop(List<byte[]> aged) {
        if (aged.isEmpty()) {
            return;
        }
        try {
            forget.apply(aged).join();
        } catch (CompletionException e) {
            throw new StorageException("old versions of records could not be dropped: " + e.getCause(), e);
        }
    }
}
