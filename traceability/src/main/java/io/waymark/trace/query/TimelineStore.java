package io.waymark.trace.query;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Gives the readable timeline store of this instance. */
@FunctionalInterface
public interface TimelineStore {
    /**
     * The store, all local partitions as one.
     *
     * @throws NotReadyException while it cannot be read
     */
    ReadOnlyKeyValueStore<Bytes, byte[]> open() throws NotReadyException;
}
