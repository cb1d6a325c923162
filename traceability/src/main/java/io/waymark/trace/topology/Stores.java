package io.waymark.trace.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** The state stores: names, layouts of keys, builders. */
public final class Stores {
    /**
     * Timeline entries, see {@link io.waymark.trace.timeline.TimelineKey}; and the lots of instances, whose keys begin with
     * a zero octet, which no identity does:
     *
     * <pre>
     *   u1 0 | UTF-8 canonical identity of an instance  →  UTF-8 canonical identity of its lot
     * </pre>
     */
    public static final String TIMELINE = "timeline";

    /**
     * Presence of tags at read points, see {@link io.waymark.trace.capture.Presence}:
     *
     * <pre>
     *   UTF-8 canonical identity | u1 0 | UTF-8 read point  →  presence
     * </pre>
     */
    static final String PRESENCE = "presence";

    private Stores() {}

    /** Not cached: a query must see an event as soon as it is processed. */
    static StoreBuilder<KeyValueStore<Bytes, byte[]>> timeline() {
        return builder(TIMELINE).withCachingDisabled();
    }

    /** Cached: a tag in the field changes it many times a second, and only the last change of a commit matters. */
    static StoreBuilder<KeyValueStore<Bytes, byte[]>> presence() {
        return builder(PRESENCE).withCachingEnabled();
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(String name) {
        return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
                Serdes.Bytes(),
                Serdes.ByteArray());
    }

    /** The key under which an instance's lot is kept. */
    public static Bytes lotKey(String instance) {
        return Bytes.wrap(('\0' + instance).getBytes(StandardCharsets.UTF_8));
    }

    static Bytes presenceKey(String canonical, String readPoint) {
        return Bytes.wrap((canonical + '\0' + readPoint).getBytes(StandardCharsets.UTF_8));
    }
}
