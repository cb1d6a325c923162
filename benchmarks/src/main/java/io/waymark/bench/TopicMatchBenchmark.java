package io.waymark.bench;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.TopicTree;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Who gets a message, among the subscriptions of a plant: each device subscribes to its own commands, one in a thousand to a
 * whole line with a wildcard at either end.
 *
 * <p>{@link #oneLookUp} is the floor: the topic's text found in a hash map of as many.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class TopicMatchBenchmark {
    private static final int TOPICS = 1 << 14;
    private static final int LINES = 1_000;

    /** Subscriptions held. */
    @Param({"1000", "1000000"})
    private int subscriptions;

    private final TopicTree<Integer> tree = new TopicTree<>();
    private final Map<String, Integer> map = new HashMap<>();
    private final String[] topics = new String[TOPICS];
    private int next;

    /** Subscribes everybody and draws the topics, with a seed that never changes. */
    @Setup
    public void subscribe() {
        for (int i = 0; i < subscriptions; i++) {
            String filter = i % 1_000 == 999 ? "plant/+/line" + i % LINES + "/#" : topic(i);
            tree.put(i, new Subscription(filter, 1, false, false, 0, 0));
            map.put(topic(i), i);
        }
        Random random = new Random(1);
        for (int i = 0; i < TOPICS; i++) {
            topics[i] = topic(random.nextInt(subscriptions));
        }
    }

    private static String topic(int device) {
        return "plant/" + device % 7 + "/line" + device % LINES + "/device-" + device + "/command";
    }

    private String topic() {
        next = (next + 1) & (TOPICS - 1);
        return topics[next];
    }

    /** Everybody whose filter matches. */
    @Benchmark
    public void match(Blackhole hole) {
        tree.match(topic(), (who, subscription) -> hole.consume(who));
    }

    /** Nobody's filter matches: what most telemetry meets. */
    @Benchmark
    public void matchNobody(Blackhole hole) {
        tree.match("telemetry/line1/device-1/temperature", (who, subscription) -> hole.consume(who));
    }

    /** The floor. */
    @Benchmark
    public Integer oneLookUp() {
        return map.getOrDefault(topic(), 0);
    }
}
