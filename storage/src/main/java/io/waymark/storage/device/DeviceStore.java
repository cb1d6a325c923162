package io.waymark.storage.device;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** SKELETON: signatures are the contract, bodies follow. */
public final class DeviceStore implements AutoCloseable {
    public static DeviceStore open(Path directory, MeterRegistry metrics) {
        throw new UnsupportedOperationException("being built");
    }

    public Optional<Device> find(String id) {
        throw new UnsupportedOperationException("being built");
    }

    /** Durable on return. */
    public void put(Device device) {
        throw new UnsupportedOperationException("being built");
    }

    /** Durable on return; false if there was none. */
    public boolean delete(String id) {
        throw new UnsupportedOperationException("being built");
    }

    /** In order of id, after the given id (exclusive, empty = from the start). */
    public List<Device> list(String afterId, int limit) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
