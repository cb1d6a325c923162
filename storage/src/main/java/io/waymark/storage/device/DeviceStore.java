package io.waymark.storage.device;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.DiskFormat;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.FamilySpec.Use;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import io.waymark.storage.rocks.StoreRepair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which devices there are. Any thread; writes are few (an operator's), so each has its own fsync.
 *
 * <pre>
 * devices  device id (UTF-8) → see DeviceCodec
 * meta     "format"          → i4 1
 * </pre>
 *
 * <p>All methods throw {@link StorageException} when the disk fails or a stored device cannot be understood, and
 * {@link IllegalStateException} after {@link #close}.
 */
public final class DeviceStore implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int ID_BYTES_MAX = 0xffff;
    private static final long BLOCK_CACHE_BYTES = 16L << 20;
    private static final long WAL_BYTES_MAX = 64L << 20;

    private final RocksStore store;
    private final ColumnFamily devices;
    private final Counter writes;
    /** Makes delete's answer and its deletion one step. */
    private final Object writing = new Object();

    private final StoreRepair repair;

    private DeviceStore(RocksStore store, MeterRegistry metrics) {
        this.store = store;
        this.devices = store.family("devices");
        this.repair = new StoreRepair(store, Clock.systemUTC());
        this.writes = Counter.builder("waymark.devices.writes")
                .description("Changes of the device registry made durable")
                .register(metrics);
    }

    /**
     * Opens the store, creating it if absent.
     *
     * @throws StorageException if another process holds it, a newer version wrote it, or it cannot be read
     */
    public static DeviceStore open(Path directory, MeterRegistry metrics) {
        List<FamilySpec> families =
                List.of(new FamilySpec("devices", Use.POINT_LOOKUP), new FamilySpec("meta", Use.SMALL));
        RocksStore store = RocksStore.open(new RocksConfig(directory, families, BLOCK_CACHE_BYTES, WAL_BYTES_MAX));
        try {
            DiskFormat.check(store, store.family("meta"), FORMAT);
            return new DeviceStore(store, metrics);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** The device with this id. */
    public Optional<Device> find(String id) {
        byte[] stored = store.get(devices, utf8(id));
        return stored == null ? Optional.empty() : Optional.of(decode(id, stored));
    }

    /**
     * Adds or replaces. Durable on return.
     *
     * @throws IllegalArgumentException if the id is empty, or a string is longer than 65535 bytes
     */
    public void put(Device device) {
        byte[] id = utf8(device.id());
        if (id.length < 1 || id.length > ID_BYTES_MAX) {
            throw new IllegalArgumentException("device id must be 1.." + ID_BYTES_MAX + " bytes but was " + id.length);
        }
        byte[] value = DeviceCodec.encode(device);
        synchronized (writing) {
            write(batch -> batch.put(devices, id, value));
        }
    }

    /** Durable on return; false if there was none. */
    public boolean delete(String id) {
        byte[] key = utf8(id);
        synchronized (writing) {
            if (store.get(devices, key) == null) {
                return false;
            }
            write(batch -> batch.delete(devices, key));
            return true;
        }
    }

    /** In order of id (UTF-8 octets), after the given id (exclusive, empty = from the start). */
    public List<Device> list(String afterId, int limit) {
        byte[] after = utf8(afterId);
        List<Device> found = new ArrayList<>();
        try (Cursor cursor = store.cursor(devices)) {
            boolean more = cursor.seek(after);
            if (more && Arrays.equals(cursor.key(), after)) {
                more = cursor.next();
            }
            while (more && found.size() < limit) {
                found.add(decode(new String(cursor.key(), StandardCharsets.UTF_8), cursor.value()));
                more = cursor.next();
            }
        }
        return found;
    }

    /** Waits for calls under way, closes. */
    @Override
    public void close() {
        store.close();
    }

    /** Under the lock. */
    private void write(Consumer<RocksBatch> change) {
        repair.reopenIfDue();
        try (RocksBatch batch = new RocksBatch()) {
            change.accept(batch);
            store.write(batch);
        } catch (StorageException e) {
            repair.failed();
            throw e;
        }
        repair.succeeded();
        writes.increment();
    }

    private Device decode(String id, byte[] stored) {
        try {
            return DeviceCodec.decode(id, stored);
        } catch (IllegalArgumentException e) {
            throw new StorageException("device " + id + " in " + store.directory() + " " + e.getMessage(), e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
