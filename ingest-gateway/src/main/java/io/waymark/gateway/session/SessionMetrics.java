package io.waymark.gateway.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Counts what is routed between clients and what is given up. Any thread. */
final class SessionMetrics {
    private final Counter[] routed = new Counter[3];
    private final Map<Drop, Counter> dropped = new EnumMap<>(Drop.class);
    private final Counter retainedRefused;
    private final MeterRegistry metrics;

    SessionMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        for (int qos = 0; qos <= 2; qos++) {
            routed[qos] = Counter.builder("waymark.gateway.routed")
                    .description("messages handed to a subscriber's queue")
                    .tag("qos", Integer.toString(qos))
                    .register(metrics);
        }
        for (Drop why : Drop.values()) {
            dropped.put(why, counter(metrics, why.name().toLowerCase(Locale.ROOT)));
        }
        retainedRefused = counter(metrics, "retained_full");
    }

    private static Counter counter(MeterRegistry metrics, String reason) {
        return Counter.builder("waymark.gateway.dropped")
                .description("messages not delivered to a subscriber")
                .tag("reason", reason)
                .register(metrics);
    }

    void gauge(String name, String what, Supplier<Number> value) {
        Gauge.builder("waymark.gateway." + name, value).description(what).register(metrics);
    }

    void routed(int qos) {
        routed[qos].increment();
    }

    void dropped(Drop why) {
        Counter counter = dropped.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    void retainedRefused() {
        retainedRefused.increment();
    }
}
