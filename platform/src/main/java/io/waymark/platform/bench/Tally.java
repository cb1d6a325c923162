package io.waymark.platform.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** What one thread's requests came to. Written by that thread; {@link #progress} may be read by another. */
final class Tally {
    private static final long LATENCY_MAX_NANOS = 60_000_000_000L;

    private final Histogram latencyNanos = new Histogram(LATENCY_MAX_NANOS, 3);
    private final Map<String, long[]> failures = new TreeMap<>();
    private final AtomicLong progress = new AtomicLong();
    private long succeeded;
    private long failed;
    private long lost;
    private long bytes;
    private long total;

    /** An answer that is what was wanted. */
    void success(long dueNanos, long nowNanos, long answerBytes) {
        succeeded++;
        bytes += answerBytes;
        record(dueNanos, nowNanos);
    }

    /** An answer that is not what was wanted. */
    void failure(String kind, long dueNanos, long nowNanos) {
        failed++;
        failures.computeIfAbsent(kind, k -> new long[1])[0]++;
        record(dueNanos, nowNanos);
    }

    /** Requests that got no answer. */
    void lost(String kind, int count) {
        if (count > 0) {
            lost += count;
            failures.computeIfAbsent(kind, k -> new long[1])[0] += count;
        }
    }

    /** An event that is worth telling but is nobody's answer. */
    void note(String kind) {
        failures.computeIfAbsent(kind, k -> new long[1])[0]++;
    }

    private void record(long dueNanos, long nowNanos) {
        latencyNanos.recordValue(Math.min(LATENCY_MAX_NANOS, Math.max(0, nowNanos - dueNanos)));
        progress.lazySet(++total);
    }

    /** Forgets the warm-up. */
    void reset() {
        latencyNanos.reset();
        failures.clear();
        succeeded = 0;
        failed = 0;
        lost = 0;
        bytes = 0;
    }

    /** Answers since the start, warm-up included. Any thread. */
    long progress() {
        return progress.get();
    }

    /** Adds another thread's tally; both threads have ended. */
    void add(Tally other) {
        latencyNanos.add(other.latencyNanos);
        other.failures.forEach((kind, n) -> failures.computeIfAbsent(kind, k -> new long[1])[0] += n[0]);
        succeeded += other.succeeded;
        failed += other.failed;
        lost += other.lost;
        bytes += other.bytes;
    }

    long answers() {
        return succeeded + failed;
    }

    long succeeded() {
        return succeeded;
    }

    long lost() {
        return lost;
    }

    long answerBytes() {
        return bytes;
    }

    Histogram latencyNanos() {
        return latencyNanos;
    }

    /** How often each kind of trouble happened, by name. */
    Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((kind, n) -> counts.put(kind, n[0]));
        return counts;
    }
}
