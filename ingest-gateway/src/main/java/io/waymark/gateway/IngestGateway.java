package io.waymark.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** SKELETON: signatures are the contract, bodies follow. */
public final class IngestGateway implements AutoCloseable {
    /** Binds the listeners and starts forwarding; Kafka may still be absent. */
    public static IngestGateway start(
            GatewayConfig config, Spool spool, DeviceStore devices, MeterRegistry metrics, Clock clock) {
        throw new UnsupportedOperationException("being built");
    }

    public InetSocketAddress mqttAddress() {
        throw new UnsupportedOperationException("being built");
    }

    public Optional<InetSocketAddress> mqttsAddress() {
        throw new UnsupportedOperationException("being built");
    }

    /** Create, list, disable, rotate, delete; for platform HTTP. */
    public DeviceRegistry devices() {
        throw new UnsupportedOperationException("being built");
    }

    /** HTTP ingest: completes with the spool position after fsync; fails with RejectedExecutionException when the spool is full. */
    public CompletableFuture<Long> publish(String deviceId, String topic, String contentType, byte[] payload) {
        throw new UnsupportedOperationException("being built");
    }

    /** Spool position up to which everything is committed in Kafka. */
    public long forwardedPosition() {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }

    /** SKELETON; moves to io.waymark.gateway.access.DeviceRegistry. */
    public interface DeviceRegistry {}
}
