package io.waymark.gateway.bridge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of one bridge, as {@code waymark.gateway.bridge.*} with the tag {@code bridge}. */
final class BridgeMetrics {
    private final MeterRegistry registry;
    private final String bridge;
    private final Counter[] received;
    private final Counter bytes;
    private final Counter acknowledged;
    private final Counter duplicates;
    private final Counter connects;
    private final Counter failures;
    /** 1 while connected. */
    final AtomicInteger connected = new AtomicInteger();
    /** Filters the upstream has refused. */
    final AtomicInteger refusedFilters = new AtomicInteger();

    BridgeMetrics(MeterRegistry registry, String bridge) {
        this.registry = registry;
        this.bridge = bridge;
        this.received = new Counter[] {received(0), received(1), received(2)};
        this.bytes = counter("bytes", "payload received").register(registry);
        this.acknowledged =
                counter("acknowledged", "messages acknowledged to the upstream").register(registry);
        this.duplicates =
                counter("duplicates", "messages that came again and were known").register(registry);
        this.connects = counter("connects", "connections made").register(registry);
        this.failures =
                counter("failures", "connections lost and attempts that failed").register(registry);
        gauge("connected", connected);
        gauge("filters.refused", refusedFilters);
    }

    private Counter received(int qos) {
        return counter("received", "messages received, repetitions included")
                .tag("qos", Integer.toString(qos))
                .register(registry);
    }

    private Counter.Builder counter(String name, String description) {
        return Counter.builder("waymark.gateway.bridge." + name)
                .description(description)
                .tag("bridge", bridge);
    }

    private void gauge(String name, AtomicInteger value) {
        Gauge.builder("waymark.gateway.bridge." + name, value, AtomicInteger::get)
                .tag("bridge", bridge)
                .register(registry);
    }

    void observe(Inbox inbox) {
        Gauge.builder("waymark.gateway.bridge.inflight", inbox, Inbox::unacknowledged)
                .description("messages of QoS 1 not yet acknowledged to the upstream")
                .tag("bridge", bridge)
                .register(registry);
        Gauge.builder("waymark.gateway.bridge.waiting", inbox, Inbox::waiting)
                .description("messages the spool has had no room for yet")
                .tag("bridge", bridge)
                .register(registry);
    }

    void received(Arrival message) {
        received[message.qos()].increment();
        bytes.increment(message.payload().length);
    }

    void acknowledged() {
        acknowledged.increment();
    }

    void duplicate() {
        duplicates.increment();
    }

    void connected() {
        connects.increment();
        connected.set(1);
    }

    void failed() {
        failures.increment();
    }

    /** A message that will never enter. */
    void rejected(String reason) {
        counter("rejected", "messages that can never be taken")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    /** A QoS 0 message without room. */
    void dropped(String reason) {
        counter("dropped", "messages of QoS 0 given up")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
