package io.waymark.storage.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.rocks.RocksBatch;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts changes of records into the batch, each with what it replaces and with its note for the feed: the store as it is on
 * disk, overlaid with the running group's own changes. Writer thread only.
 *
 * <p>Changes are numbered without gaps and stamped with a time that never goes back, also when the clock does. A former
 * version is written when it is replaced, so that a record that never changes costs one row beside its content.
 */
final class VersionWriter {

    private final RecordTables tables;
    private final HistoryPolicy policy;
    private final @Nullable Outbox outbox;
    private final FeedStart feeds;
    private final Clock clock;
    private final Counter kept;
    private final Counter dropped;

    /** The last change on disk. */
    private Mark last;

    // of the running group
    private Mark next;
    private long now;
    private final Map<String, Current> currents = new HashMap<>();

    /** A record as it will be once the running group is committed. */
    private static final class Current {
        @Nullable
        RecordHead head;

        byte @Nullable [] stored;
        boolean storedRead;
        /** Former versions in the batch, which a cursor does not see yet. */
        int pending;

        boolean isThere() {
            return head != null ? head.isThere() : stored != null;
        }
    }

    VersionWriter(
            RecordTables tables,
            HistoryPolicy policy,
            @Nullable Outbox outbox,
            FeedStart feeds,
            MeterRegistry metrics,
            Clock clock) {
        this.tables = tables;
        this.policy = policy;
        this.outbox = outbox;
        this.feeds = feeds;
        this.clock = clock;
        this.last = tables.changed();
        this.next = last;
        this.kept = Counter.builder("waymark.records.history.kept")
                .description("Former versions of records written to history")
                .register(metrics);
        this.dropped = Counter.builder("waymark.records.history.dropped")
                .description("Former versions of records dropped from history by number or age")
                .register(metrics);
    }

    /** Starts a group. */
    void begin() {
        currents.clear();
        next = last;
        now = Math.max(clock.millis(), last.millis());
    }

    /** When the group's changes happen. */
    long nowMillis() {
        return now;
    }

    /** False if the record certainly has no aliases on disk, so that they need not be looked for. */
    boolean mayHaveAliases(String key, byte[] octets) {
        Current current = current(key, octets);
        return current.head != null ? current.head.hasAliases() : current.isThere();
    }

    /** Adds a change; false if it changes nothing, because what shall go is not there. */
    boolean add(RocksBatch batch, RecordWriter.Encoded change, Author author) {
        Current current = current(change.key(), change.keyOctets());
        if (change.stored() == null && !current.isThere()) {
            return false;
        }
        Action action = action(change, current.isThere());
        next = new Mark(next.sequence() + 1, now, next.notes() + (outbox == null ? 0 : 1));
        RecordHead head = head(batch, change, current, action, author);
        batch.put(tables.heads(), change.keyOctets(), head.encode());
        if (change.stored() == null) {
            batch.delete(tables.records(), change.keyOctets());
        } else {
            batch.put(tables.records(), change.keyOctets(), change.stored());
        }
        note(batch, action, author, change.keyOctets());
        current.head = head;
        current.stored = change.stored();
        current.storedRead = true;
        return true;
    }

    /** Completes the group's batch. */
    void finish(RocksBatch batch) {
        if (next.sequence() != last.sequence()) {
            tables.putChanged(batch, next);
        }
    }

    /** The group's batch is durable. */
    void committed() {
        last = next;
        if (outbox != null) {
            outbox.advance(last);
        }
    }

    /** Begins another feed, now that the group is durable. */
    void beginFeed() {
        if (outbox != null) {
            outbox.replace(feeds.begin());
            last = tables.changed();
            outbox.advance(last);
        }
    }

    /** After a repair: what is on disk. */
    void reload() {
        last = tables.changed();
        if (outbox != null) {
            outbox.reload(last);
        }
    }

    private static Action action(RecordWriter.Encoded change, boolean there) {
        if (change.stored() == null) {
            return Action.DELETED;
        }
        if (!there) {
            return Action.CREATED;
        }
        return change.edited() ? Action.MODIFIED : Action.REPLACED;
    }

    private void note(RocksBatch batch, Action action, Author author, byte[] key) {
        if (outbox != null) {
            tables.outbox()
                    .put(batch, new OutboxTable.Note(action, next.notes(), now, 0, 1, next.sequence(), author, key));
        }
    }

    /** Drops what has been out of force for too long; of a record deleted so long ago, that it ever was. */
    void age(RocksBatch batch, byte[] key) {
        Current current = current(new String(key, StandardCharsets.UTF_8), key);
        RecordHead head = current.head;
        if (head == null || current.pending > 0) {
            return;
        }
        HistoryTrim trim = trim(batch, key, 0, head.sequence(), head.millis());
        if (!head.isThere() && trim.kept() == 0 && head.millis() < horizon() && isTold(head.sequence())) {
            batch.delete(tables.heads(), key);
            current.head = null;
            current.storedRead = true;
        } else if (!trim.dropped().isEmpty()) {
            current.head = head.withPast(trim.kept(), trim.oldestUntilMillis());
            batch.put(tables.heads(), key, current.head.encode());
        }
    }

    // --- former versions

    private RecordHead head(
            RocksBatch batch, RecordWriter.Encoded change, Current current, Action action, Author author) {
        HistoryTable.Row former = former(change.keyOctets(), current);
        int number = former == null ? 1 : former.number() + 1;
        Past past = former == null ? Past.NONE : keep(batch, change.keyOctets(), current, former);
        boolean hasAliases = !change.aliases().isEmpty();
        return new RecordHead(
                action, hasAliases, number, next.sequence(), now, past.kept(), past.oldestUntilMillis(), author);
    }

    /** Former versions of a record: how many, and when the oldest went out of force. */
    private record Past(int kept, long oldestUntilMillis) {
        static final Past NONE = new Past(0, Long.MAX_VALUE);

        Past and(long untilMillis) {
            return new Past(kept + 1, Math.min(oldestUntilMillis, untilMillis));
        }
    }

    private Past keep(RocksBatch batch, byte[] key, Current current, HistoryTable.Row former) {
        RecordHead head = current.head;
        Past past = head == null ? Past.NONE : new Past(head.kept(), head.oldestUntilMillis());
        if (isKept(former)) {
            tables.history().put(batch, key, former);
            current.pending++;
            kept.increment();
            past = past.and(now);
        }
        boolean within = past.kept() <= policy.versionsMax() && past.oldestUntilMillis() >= horizon();
        if (within || past.kept() == current.pending) {
            return past;
        }
        // the versions in the batch are younger than those on disk, and a cursor does not see them
        HistoryTrim trim = trim(batch, key, current.pending, former.sequence(), former.millis());
        long oldest = trim.oldestUntilMillis();
        return new Past(trim.kept(), current.pending > 0 ? Math.min(oldest, now) : oldest);
    }

    /** What is there now, as history will keep it; null if there never was anything. */
    private HistoryTable.@Nullable Row former(byte[] key, Current current) {
        RecordHead head = current.head;
        if (head == null) {
            return current.stored == null ? null : History.found(current.stored, now);
        }
        return HistoryTable.Row.of(head, head.isThere() ? stored(key, current) : null);
    }

    /** Without history only what the feed has still to tell is kept. */
    private boolean isKept(HistoryTable.Row former) {
        return policy.versionsMax() > 0 || !isTold(former.sequence());
    }

    /** Whether the feed needs nothing of this version any more. */
    private boolean isTold(long sequence) {
        return outbox == null || sequence <= outbox.publishedSequence();
    }

    /** Drops versions on disk; behind {@code younger} others, the youngest of which a change replaced. */
    private HistoryTrim trim(RocksBatch batch, byte[] key, int younger, long laterSequence, long laterMillis) {
        HistoryTrim trim = new HistoryTrim(
                policy.versionsMax(),
                horizon(),
                outbox == null ? Long.MAX_VALUE : outbox.publishedSequence(),
                younger,
                laterSequence,
                laterMillis);
        tables.history().visit(key, now, trim);
        trim.dropped().forEach(row -> tables.history().delete(batch, row));
        dropped.increment(trim.dropped().size());
        return trim;
    }

    private long horizon() {
        return policy.horizon(now);
    }

    // --- what is there

    private Current current(String key, byte[] octets) {
        return currents.computeIfAbsent(key, k -> read(octets));
    }

    private Current read(byte[] octets) {
        Current current = new Current();
        current.head = tables.head(octets);
        if (current.head == null) {
            current.stored = tables.record(octets);
            current.storedRead = true;
        }
        return current;
    }

    private byte @Nullable [] stored(byte[] octets, Current current) {
        if (!current.storedRead) {
            current.stored = tables.record(octets);
            current.storedRead = true;
        }
        return current.stored;
    }
}
