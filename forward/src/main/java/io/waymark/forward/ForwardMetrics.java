package io.waymark.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the forwarder shows of itself. */
final class ForwardMetrics {
    private final String name;
    private final MeterRegistry registry;
    private final Counter records;
    private final Counter refused;
    private final Counter refilled;
    private final Timer transactions;

    /** @param name what the metrics' names begin with */
    ForwardMetrics(String name, MeterRegistry registry) {
        this.name = name + ".";
        this.registry = registry;
        records = Counter.builder(this.name + "records")
                .description("entries committed to Kafka")
                .register(registry);
        refused = Counter.builder(this.name + "refused")
                .description(
                        "entries in whose place something else was committed, because the topic does not take them")
                .register(registry);
        refilled = Counter.builder(this.name + "refilled")
                .description("entries sent again because a broker without replicas had lost them")
                .register(registry);
        transactions = Timer.builder(this.name + "transactions")
                .description("committed transactions, from begin to commit")
                .register(registry);
    }

    void state(Supplier<ForwardState> current) {
        for (ForwardState state : ForwardState.values()) {
            Gauge.builder(name + "state", () -> current.get() == state ? 1 : 0)
                    .description("1 for the state the forwarder is in")
                    .tag("state", state.label())
                    .register(registry);
        }
    }

    void lag(Supplier<Number> entries, Supplier<Number> seconds) {
        Gauge.builder(name + "lag.entries", entries)
                .description("durable entries not yet committed to Kafka")
                .register(registry);
        Gauge.builder(name + "lag.age", seconds)
                .description("age of the oldest entry not yet committed to Kafka")
                .baseUnit("seconds")
                .register(registry);
    }

    void committed(int entries, long nanos) {
        records.increment(entries);
        transactions.record(nanos, TimeUnit.NANOSECONDS);
    }

    void refilled(int entries) {
        refilled.increment(entries);
    }

    void refused(int entries) {
        refused.increment(entries);
    }

    void aborted(String reason) {
        Counter.builder(name + "aborts")
                .description("transactions or attempts to connect given up")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
