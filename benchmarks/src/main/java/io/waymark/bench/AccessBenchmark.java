package io.waymark.bench;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.Permissions;
import io.waymark.gateway.packet.Filters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether a device may publish to a topic, under 20 rules of which the last one allows it.
 *
 * <p>{@link #oneFilter} is the floor of a first decision: the rule that decides, matched alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccessBenchmark {
    private static final int RULES = 20;
    private static final String ALLOWED = "plant/+/device-7/#";
    /** More than are remembered, so that each comes as if for the first time. */
    private static final int MANY = 64;

    private final AccessRules rules = new AccessRules(rules());
    private final Permissions permissions = rules.of("sensors", "device-7", "device-7");
    private final String[] few = topics(8);
    private final String[] many = topics(MANY);
    private int next;

    private static List<AccessRule> rules() {
        List<AccessRule> rules = new ArrayList<>();
        for (int i = 1; i < RULES; i++) {
            rules.add(new AccessRule(
                    "sensors", AccessRule.Effect.DENY, AccessRule.Scope.PUBLISH, "plant/+/secret-" + i + "/#"));
        }
        rules.add(new AccessRule("sensors", AccessRule.Effect.ALLOW, AccessRule.Scope.ALL, "plant/+/%c/#"));
        return rules;
    }

    private static String[] topics(int count) {
        String[] topics = new String[count];
        for (int i = 0; i < count; i++) {
            topics[i] = "plant/" + i + "/device-7/temperature";
        }
        return topics;
    }

    /** Always the same topic, as the decoder hands it out. */
    @Benchmark
    public boolean sameTopic() {
        return permissions.mayPublish(few[0]);
    }

    /** Eight topics in turn. */
    @Benchmark
    public boolean fewTopics() {
        next = (next + 1) & (few.length - 1);
        return permissions.mayPublish(few[next]);
    }

    /** So many topics that every decision is a new one. */
    @Benchmark
    public boolean newTopics() {
        next = (next + 1) & (MANY - 1);
        return permissions.mayPublish(many[next]);
    }

    /** The floor. */
    @Benchmark
    public boolean oneFilter() {
        next = (next + 1) & (MANY - 1);
        return Filters.matches(ALLOWED, many[next]);
    }
}
