package io.waymark.gateway.ack;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.packet.AckLevel;
import java.util.EnumMap;
import java.util.Map;

/** Counts acknowledgements of one door by level, as {@code waymark.gateway.acknowledged}. Any thread. */
public final class Acknowledged {
    private final Map<AckLevel, Counter> counters = new EnumMap<>(AckLevel.class);

    /** @param door {@code mqtt}, {@code http} or {@code bridge} */
    public Acknowledged(MeterRegistry registry, String door) {
        for (AckLevel level : AckLevel.values()) {
            counters.put(
                    level,
                    Counter.builder("waymark.gateway.acknowledged")
                            .description(
                                    "messages whose sender was told that they were taken, by how far they had come")
                            .tag("level", level.label())
                            .tag("door", door)
                            .register(registry));
        }
    }

    /** So many messages had come so far. */
    public void count(AckLevel level, int messages) {
        Counter counter = counters.get(level);
        if (counter != null) {
            counter.increment(messages);
        }
    }
}
