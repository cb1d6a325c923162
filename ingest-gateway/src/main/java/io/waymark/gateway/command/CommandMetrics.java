package io.waymark.gateway.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** How many commands came into each state. */
final class CommandMetrics {
    private final Map<CommandState, Counter> outcomes = new EnumMap<>(CommandState.class);

    CommandMetrics(MeterRegistry registry) {
        for (CommandState state : CommandState.values()) {
            outcomes.put(
                    state,
                    Counter.builder("waymark.gateway.commands")
                            .description("commands that came into a state")
                            .tag("outcome", state.label())
                            .register(registry));
        }
    }

    void count(CommandState state) {
        Counter counter = outcomes.get(state);
        if (counter != null) {
            counter.increment();
        }
    }
}
