package io.waymark.trace.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.trace.reading.Profile;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.Reason;
import io.waymark.trace.reading.When;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The counters of the streams. Counters are looked up once; counting allocates nothing. */
public final class TraceMetrics {
    private final MeterRegistry registry;
    private final Map<Profile, Counter> readings;
    private final Map<Reason, Counter> rejected;
    private final Map<When.Clock, Counter> clocks;
    private final Map<Reading.Kind, Counter> events;
    private final Map<String, Counter> skipped = new ConcurrentHashMap<>();
    private final Map<String, Counter> failures = new ConcurrentHashMap<>();
    private final Counter smoothed;
    private final Counter entries;

    /** Registers the counters. */
    public TraceMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.readings = byEnum(Profile.class, p -> counter("waymark.trace.readings", "profile", p.word()));
        this.rejected = byEnum(Reason.class, r -> counter("waymark.trace.rejected", "reason", r.word()));
        this.clocks = byEnum(When.Clock.class, c -> counter("waymark.trace.clock", "source", word(c)));
        this.events = byEnum(Reading.Kind.class, k -> counter("waymark.trace.events", "kind", word(k)));
        this.smoothed = counter("waymark.trace.smoothed", "kind", word(Reading.Kind.TAG_READ));
        this.entries = counter("waymark.trace.timeline.entries", "store", Stores.TIMELINE);
    }

    private static <E extends Enum<E>> Map<E, Counter> byEnum(Class<E> type, Function<E, Counter> counter) {
        Map<E, Counter> counters = new EnumMap<>(type);
        for (E e : type.getEnumConstants()) {
            counters.put(e, counter.apply(e));
        }
        return counters;
    }

    private static String word(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT);
    }

    private Counter counter(String name, String tag, String value) {
        return registry.counter(name, tag, value);
    }

    private static <E extends Enum<E>> void count(Map<E, Counter> counters, E which) {
        Counter counter = counters.get(which);
        if (counter != null) {
            counter.increment();
        }
    }

    void reading(Profile profile, When.Clock clock) {
        count(readings, profile);
        count(clocks, clock);
    }

    void rejected(Reason reason) {
        count(rejected, reason);
    }

    void event(Reading.Kind kind) {
        count(events, kind);
    }

    /** The words come from a closed set of the profiles. */
    void skipped(String word) {
        skipped.computeIfAbsent(word, w -> counter("waymark.trace.skipped", "what", w))
                .increment();
    }

    void smoothed() {
        smoothed.increment();
    }

    void timelineEntry() {
        entries.increment();
    }

    /** A failure of the streams themselves: {@code deserialization}, {@code production}, {@code processing}, {@code thread}. */
    public void failure(String where) {
        failures.computeIfAbsent(where, w -> counter("waymark.trace.stream.failures", "where", w))
                .increment();
    }
}
