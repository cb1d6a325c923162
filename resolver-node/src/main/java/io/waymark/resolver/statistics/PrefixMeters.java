package io.waymark.resolver.statistics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** The first few prefixes as meters; the others together, because every prefix costs the monitoring eight series. */
final class PrefixMeters {
    private static final int PREFIXES_MAX = 50;

    private final MeterRegistry metrics;
    private final Map<String, Counter[]> byRow = new HashMap<>();

    PrefixMeters(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** Adds growth; one thread at a time. */
    void add(String row, long[] growth) {
        Counter[] counters = counters(row);
        for (int i = 0; i < growth.length; i++) {
            counters[i].increment((double) growth[i]);
        }
    }

    private Counter[] counters(String row) {
        Counter[] known = byRow.get(row);
        if (known != null) {
            return known;
        }
        String name = byRow.size() < PREFIXES_MAX ? row : Prefixes.OTHER;
        return byRow.computeIfAbsent(name, this::register);
    }

    private Counter[] register(String row) {
        Measure[] measures = Measure.values();
        Counter[] counters = new Counter[measures.length];
        for (Measure m : measures) {
            counters[m.column()] = Counter.builder("waymark.resolver.prefix." + kind(m))
                    .description("Counted by prefix; at most " + PREFIXES_MAX + " by name")
                    .tag("prefix", row)
                    .tag("outcome", m.word())
                    .register(metrics);
        }
        return counters;
    }

    private static String kind(Measure measure) {
        return measure.isResolution() ? "resolutions" : "registrations";
    }
}
