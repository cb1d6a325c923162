package io.waymark.gateway.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waymark.gateway.ack.Acknowledged;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.ReasonCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what connections do. Any thread. */
final class ServerMetrics {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger paused = new AtomicInteger();
    final AtomicLong pausedOctets = new AtomicLong();
    final AtomicInteger inflight = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();

    private final MeterRegistry registry;
    private final Counter[] publishes = new Counter[3];
    private final Counter bytes;
    private final Counter duplicates;
    private final Counter subscriptionsEnded;
    private final Timer acknowledged;
    private final Acknowledged byLevel;
    private final Map<String, Counter> byReason = new ConcurrentHashMap<>();

    ServerMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (int qos = 0; qos <= 2; qos++) {
            publishes[qos] = Counter.builder("waymark.gateway.publish")
                    .description("PUBLISH packets from clients")
                    .tag("qos", Integer.toString(qos))
                    .register(registry);
        }
        bytes = Counter.builder("waymark.gateway.publish.bytes")
                .description("payload octets from clients")
                .baseUnit("bytes")
                .register(registry);
        duplicates = Counter.builder("waymark.gateway.duplicates")
                .description("QoS 2 PUBLISH packets recognised as repetitions")
                .register(registry);
        subscriptionsEnded = Counter.builder("waymark.gateway.subscriptions.ended")
                .description("subscriptions ended because their client may not have them any more")
                .register(registry);
        acknowledged = Timer.builder("waymark.gateway.ack")
                .description("from PUBLISH read to its acknowledgement being due")
                .publishPercentileHistogram()
                .register(registry);
        byLevel = new Acknowledged(registry, "mqtt");
        gauge("connections", "open connections", connections);
        gauge("paused", "connections whose packets are not decoded", paused);
        Gauge.builder("waymark.gateway.paused.bytes", pausedOctets, AtomicLong::get)
                .description("octets kept of connections whose packets are not decoded")
                .baseUnit("bytes")
                .register(registry);
        gauge("ack.waiting", "acknowledgements that wait for Kafka", waiting);
        gauge("inflight", "QoS 1 and 2 messages being written to the spool", inflight);
    }

    private void gauge(String name, String what, AtomicInteger value) {
        Gauge.builder("waymark.gateway." + name, value, AtomicInteger::get)
                .description(what)
                .register(registry);
    }

    void publish(int qos, int octets) {
        publishes[qos].increment();
        bytes.increment(octets);
    }

    void duplicate() {
        duplicates.increment();
    }

    void acknowledged(AckLevel level, long nanos) {
        byLevel.count(level, 1);
        acknowledged.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** CONNECT answered. */
    void connect(ReasonCode reason) {
        count("connects", "CONNECT packets by outcome", reason.label());
    }

    /** A packet or connection refused. */
    void refused(String reason) {
        count("refused", "packets and connections refused", reason);
    }

    /** Subscriptions that a change of permissions ended. */
    void subscriptionsEnded(int count) {
        subscriptionsEnded.increment(count);
    }

    /** An accepted connection's message given up. */
    void dropped(String reason) {
        count("dropped", "messages not delivered to a subscriber", reason);
    }

    /** A QoS 0 message given up because the spool is full, by device group; groups come from the registry. */
    void droppedQos0(String group) {
        dropped("spool_full_qos0");
        byReason.computeIfAbsent(
                        "qos0/" + group,
                        key -> Counter.builder("waymark.gateway.dropped.qos0")
                                .description("QoS 0 messages not taken because the spool is full")
                                .tag("group", group)
                                .register(registry))
                .increment();
    }

    private void count(String name, String what, String reason) {
        byReason.computeIfAbsent(
                        name + '/' + reason,
                        key -> Counter.builder("waymark.gateway." + name)
                                .description(what)
                                .tag("reason", reason)
                                .register(registry))
                .increment();
    }
}
