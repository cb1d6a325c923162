package io.waymark.resolver.upstream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of questions passed on. */
final class UpstreamMeters {
    private final Map<Reply.Reason, Counter> unanswered = new EnumMap<>(Reply.Reason.class);
    private final Counter answered;
    private final Counter cached;
    private final Counter joined;
    private final Timer latency;

    UpstreamMeters(MeterRegistry metrics, AnswerCache cache, Servers servers, AtomicInteger inFlight) {
        for (Reply.Reason reason : Reply.Reason.values()) {
            unanswered.put(reason, counter(metrics, reason.name().toLowerCase(Locale.ROOT)));
        }
        answered = counter(metrics, "answered");
        cached = counter(metrics, "cached");
        joined = counter(metrics, "joined");
        latency = Timer.builder("waymark.resolver.upstream.latency")
                .description("From passing a question on to its answer, or to giving up")
                .publishPercentiles(0.5, 0.99)
                .register(metrics);
        Gauge.builder("waymark.resolver.upstream.cache.entries", cache, AnswerCache::size)
                .description("Answers of other nodes remembered")
                .register(metrics);
        Gauge.builder("waymark.resolver.upstream.cache.bytes", cache, AnswerCache::bytes)
                .description("About what they take")
                .baseUnit("bytes")
                .register(metrics);
        Gauge.builder("waymark.resolver.upstream.breakers", servers, Servers::notClosed)
                .description("Servers left alone because they failed")
                .register(metrics);
        Gauge.builder("waymark.resolver.upstream.inflight", inFlight, AtomicInteger::get)
                .description("Questions on their way to other nodes")
                .register(metrics);
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("waymark.resolver.upstream.requests")
                .description("Questions for other nodes: from memory, joined to the same one on its way, or passed on")
                .tag("outcome", outcome)
                .register(metrics);
    }

    void cached() {
        cached.increment();
    }

    void joined() {
        joined.increment();
    }

    void ended(Reply reply, long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
        count(reply);
    }

    void count(Reply reply) {
        if (reply instanceof Reply.Unanswered none) {
            unanswered.getOrDefault(none.reason(), answered).increment();
        } else {
            answered.increment();
        }
    }
}
