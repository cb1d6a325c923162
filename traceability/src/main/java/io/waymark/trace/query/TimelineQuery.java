package io.waymark.trace.query;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognition;
import io.waymark.trace.capture.Recognise;
import io.waymark.trace.event.Subject;
import io.waymark.trace.json.MalformedRecordException;
import io.waymark.trace.json.TimelineJson;
import io.waymark.trace.timeline.ItemTimeline;
import io.waymark.trace.timeline.TimelineEntry;
import io.waymark.trace.timeline.TimelineKey;
import io.waymark.trace.topology.Stores;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Where has this item been? Reads the local timeline store; an instance's answer includes the events of its lot. */
public final class TimelineQuery {
    /** Events in an answer when nobody says otherwise. */
    public static final int LIMIT_DEFAULT = 1_000;

    /** Events in an answer at most. */
    public static final int LIMIT_MAX = 10_000;

    /** Name of the store queries read. */
    public static final String STORE = Stores.TIMELINE;

    private final TimelineStore stores;
    private final Recognise recogniser;
    private final MeterRegistry metrics;

    /** Queries this store. */
    public TimelineQuery(TimelineStore stores, Recognise recogniser, MeterRegistry metrics) {
        this.stores = stores;
        this.recogniser = recogniser;
        this.metrics = metrics;
    }

    /**
     * The timeline of a code, in any spelling.
     *
     * @param code any code the recogniser knows
     * @param limit events at most, 1 to {@value #LIMIT_MAX}; the latest are kept
     * @throws MalformedIdentifierException if the code is of no scheme we know
     * @throws NotReadyException while the stores cannot be read
     * @throws IllegalArgumentException if the limit is out of bounds
     */
    public ItemTimeline timeline(String code, int limit) throws MalformedIdentifierException, NotReadyException {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit must be in 1.." + LIMIT_MAX + " but was " + limit);
        }
        long start = System.nanoTime();
        String outcome = "failed";
        try {
            ItemTimeline timeline = answer(code, limit);
            outcome = timeline.events().isEmpty() ? "empty" : "found";
            return timeline;
        } catch (MalformedIdentifierException e) {
            outcome = "unrecognised";
            throw e;
        } catch (NotReadyException | InvalidStateStoreException e) {
            outcome = "not_ready";
            throw e instanceof NotReadyException notReady ? notReady : new NotReadyException("stores are moving");
        } finally {
            Timer.builder("waymark.trace.queries")
                    .tag("outcome", outcome)
                    .register(metrics)
                    .record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
        }
    }

    private ItemTimeline answer(String code, int limit) throws MalformedIdentifierException, NotReadyException {
        Recognition recognition = recogniser.recognise(code);
        Subject subject = Subject.of(recognition.identifier());
        ReadOnlyKeyValueStore<Bytes, byte[]> store = stores.open();
        // one more than asked for tells whether there are more
        List<TimelineEntry> found = latest(store, subject.canonical(), limit + 1);
        String lot = lot(store, subject);
        if (lot != null) {
            List<TimelineEntry> ofLot = latest(store, lot, limit + 1).stream()
                    .map(e -> e.about(lot))
                    .toList();
            found = ItemTimeline.merge(found, ofLot);
        }
        return new ItemTimeline(
                code,
                subject.canonical(),
                recognition.identifier().scheme(),
                recognition.fields(),
                ItemTimeline.latest(found, limit),
                found.size() > limit);
    }

    /** The lot the code itself names, else the one an earlier scan of the instance named. */
    private static @Nullable String lot(ReadOnlyKeyValueStore<Bytes, byte[]> store, Subject subject) {
        if (subject.level() != Subject.Level.INSTANCE) {
            return null;
        }
        if (subject.parent() != null) {
            return subject.parent();
        }
        byte[] lot = store.get(Stores.lotKey(subject.canonical()));
        return lot == null ? null : new String(lot, StandardCharsets.UTF_8);
    }

    private static List<TimelineEntry> latest(ReadOnlyKeyValueStore<Bytes, byte[]> store, String canonical, int limit) {
        List<TimelineEntry> entries = new ArrayList<>();
        Bytes from = Bytes.wrap(TimelineKey.first(canonical));
        Bytes to = Bytes.wrap(TimelineKey.last(canonical));
        try (KeyValueIterator<Bytes, byte[]> newestFirst = store.reverseRange(from, to)) {
            while (entries.size() < limit && newestFirst.hasNext()) {
                KeyValue<Bytes, byte[]> entry = newestFirst.next();
                entries.add(read(entry.value));
            }
        }
        Collections.reverse(entries);
        return entries;
    }

    private static TimelineEntry read(byte[] value) {
        try {
            return TimelineJson.read(value);
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("only we write the timeline store", e);
        }
    }
}
