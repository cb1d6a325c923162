package io.waymark.gateway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/** Counts what quotas and changes of the registry do. Any thread. */
final class LiveMetrics {
    final Counter groupMessages;
    final Counter groupBytes;
    final Counter deviceMessages;
    final Counter deviceBytes;
    final Counter dismissed;
    final Counter refreshed;

    LiveMetrics(MeterRegistry registry, Supplier<Number> devices) {
        groupMessages = slowed(registry, "group_messages");
        groupBytes = slowed(registry, "group_bytes");
        deviceMessages = slowed(registry, "device_messages");
        deviceBytes = slowed(registry, "device_bytes");
        dismissed = Counter.builder("waymark.gateway.devices.dismissed")
                .description("connections ended because of a change of their device")
                .register(registry);
        refreshed = Counter.builder("waymark.gateway.devices.refreshed")
                .description("connections told that what they may do has changed")
                .register(registry);
        Gauge.builder("waymark.gateway.devices.connected", devices)
                .description("devices with at least one connection")
                .register(registry);
    }

    private static Counter slowed(MeterRegistry registry, String reason) {
        return Counter.builder("waymark.gateway.quota.slowed")
                .description("messages after which a connection was not read for a while")
                .tag("reason", reason)
                .register(registry);
    }
}
