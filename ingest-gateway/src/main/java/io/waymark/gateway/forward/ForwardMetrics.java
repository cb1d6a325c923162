package io.waymark.gateway.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the forwarder shows of itself. */
final class ForwardMetrics {
    private static final String NAME = "waymark.gateway.forward.";

    private final MeterRegistry registry;
    private final Counter records;
    private final Timer transactions;

    ForwardMetrics(MeterRegistry registry) {
        this.registry = registry;
        records = Counter.builder(NAME + "records")
                .description("messages committed to Kafka")
                .register(registry);
        transactions = Timer.builder(NAME + "transactions")
                .description("committed transactions, from begin to commit")
                .register(registry);
    }

    void state(Supplier<ForwardState> current) {
        for (ForwardState state : ForwardState.values()) {
            Gauge.builder(NAME + "state", () -> current.get() == state ? 1 : 0)
                    .description("1 for the state the forwarder is in")
                    .tag("state", state.label())
                    .register(registry);
        }
    }

    void lag(Supplier<Number> entries, Supplier<Number> seconds) {
        Gauge.builder(NAME + "lag.entries", entries)
                .description("durable messages not yet committed to Kafka")
                .register(registry);
        Gauge.builder(NAME + "lag.age", seconds)
                .description("age of the oldest message not yet committed to Kafka")
                .baseUnit("seconds")
                .register(registry);
    }

    void committed(int entries, long nanos) {
        records.increment(entries);
        transactions.record(nanos, TimeUnit.NANOSECONDS);
    }

    void aborted(String reason) {
        Counter.builder(NAME + "aborts")
                .description("transactions or attempts to connect given up")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
