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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Which devices and groups there are. Any thread; writes are few (an operator's), so each has its own fsync.
 *
 * <pre>
 * devices       device id (UTF-8)        → see DeviceCodec
 * groups        group name (UTF-8)       → see DeviceGroupCodec
 * certificates  certificate name (UTF-8) → device id (UTF-8) it stands for
 * seen          device id (UTF-8)        → see LastSeen
 * untold        device id (UTF-8)        → i8 mark of a change of it that the feed has not been told
 * meta          "format"                 → i4 2
 * </pre>
 *
 * <p>All methods throw {@link StorageException} when the disk fails or a stored device cannot be understood, and
 * {@link IllegalStateException} after {@link #close}.
 */
public final class DeviceStore implements AutoCloseable {
    /** 1 had neither groups nor certificates. */
    private static final int FORMAT = 2;

    private static final int ID_BYTES_MAX = 0xffff;
    private static final long BLOCK_CACHE_BYTES = 16L << 20;
    private static final long WAL_BYTES_MAX = 64L << 20;

    private final RocksStore store;
    private final ColumnFamily devices;
    private final ColumnFamily groups;
    private final ColumnFamily certificates;
    private final ColumnFamily seen;
    private final ColumnFamily untold;
    private final Counter writes;
    // Begins somewhere else with every process, so that a mark does not come again.
    private final AtomicLong lastMark = new AtomicLong(new SecureRandom().nextLong());
    /** Makes delete's answer and its deletion one step. */
    private final Object writing = new Object();

    private final StoreRepair repair;

    private DeviceStore(RocksStore store, MeterRegistry metrics) {
        this.store = store;
        this.devices = store.family("devices");
        this.groups = store.family("groups");
        this.certificates = store.family("certificates");
        this.seen = store.family("seen");
        this.untold = store.family("untold");
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
        List<FamilySpec> families = List.of(
                new FamilySpec("devices", Use.POINT_LOOKUP),
                new FamilySpec("groups", Use.SMALL),
                new FamilySpec("certificates", Use.POINT_LOOKUP),
                new FamilySpec("seen", Use.POINT_LOOKUP),
                new FamilySpec("untold", Use.SMALL),
                new FamilySpec("meta", Use.SMALL));
        RocksStore store = RocksStore.open(new RocksConfig(directory, families, BLOCK_CACHE_BYTES, WAL_BYTES_MAX));
        try {
            DiskFormat.upgrade(store, store.family("meta"), FORMAT);
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
     * Adds or replaces, marked as not yet told. Durable on return.
     *
     * @throws IllegalArgumentException if the id is empty, or a string is longer than 65535 bytes
     * @throws CertificateTakenException if one of its certificates stands for another device
     */
    public void put(Device device) {
        byte[] id = key("device id", device.id());
        byte[] value = DeviceCodec.encode(device);
        synchronized (writing) {
            Set<String> gone = certificatesOf(device.id());
            device.certificates().forEach(name -> requireFree(name, device.id()));
            device.certificates().forEach(gone::remove);
            write(batch -> {
                batch.put(devices, id, value);
                batch.put(untold, id, mark());
                gone.forEach(name -> batch.delete(certificates, utf8(name)));
                device.certificates().forEach(name -> batch.put(certificates, key("certificate", name), id));
            });
        }
    }

    private Set<String> certificatesOf(String id) {
        return new HashSet<>(find(id).map(Device::certificates).orElse(List.of()));
    }

    private void requireFree(String certificate, String id) {
        byte[] holder = store.get(certificates, utf8(certificate));
        if (holder != null && !Arrays.equals(holder, utf8(id))) {
            throw new CertificateTakenException(certificate, new String(holder, StandardCharsets.UTF_8));
        }
    }

    /** Marked as not yet told. Durable on return; false if there was none. */
    public boolean delete(String id) {
        byte[] key = utf8(id);
        synchronized (writing) {
            if (store.get(devices, key) == null) {
                return false;
            }
            Set<String> gone = certificatesOf(id);
            write(batch -> {
                batch.delete(devices, key);
                batch.delete(seen, key);
                batch.put(untold, key, mark());
                gone.forEach(name -> batch.delete(certificates, utf8(name)));
            });
            return true;
        }
    }

    /** The device that a certificate of this name stands for. */
    public Optional<Device> ofCertificate(String name) {
        byte[] id = store.get(certificates, utf8(name));
        return id == null ? Optional.empty() : find(new String(id, StandardCharsets.UTF_8));
    }

    // ---- groups

    /** Adds or replaces a group. Durable on return. */
    public void putGroup(DeviceGroup group) {
        byte[] name = key("group name", group.name());
        byte[] value = DeviceGroupCodec.encode(group);
        synchronized (writing) {
            write(batch -> batch.put(groups, name, value));
        }
    }

    /** Durable on return. */
    public void deleteGroup(String name) {
        synchronized (writing) {
            write(batch -> batch.delete(groups, utf8(name)));
        }
    }

    /** All groups in order of name. */
    public List<DeviceGroup> groups() {
        List<DeviceGroup> found = new ArrayList<>();
        try (Cursor cursor = store.cursor(groups)) {
            for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
                found.add(decoded("group", text(cursor.key()), cursor.value(), DeviceGroupCodec::decode));
            }
        }
        return found;
    }

    // ---- last seen

    /** When the device was last there, as far as that has been written. */
    public Optional<LastSeen> lastSeen(String id) {
        byte[] stored = store.get(seen, utf8(id));
        return stored == null
                ? Optional.empty()
                : Optional.of(decoded("last sight of device", id, stored, (key, value) -> LastSeen.decode(value)));
    }

    /** Writes all at once; of devices that do not exist nothing is kept. Durable on return. */
    public void putLastSeen(Map<String, LastSeen> all) {
        synchronized (writing) {
            write(batch -> all.forEach((id, last) -> {
                byte[] key = utf8(id);
                if (store.get(devices, key) != null) {
                    batch.put(seen, key, last.encode());
                }
            }));
        }
    }

    // ---- what the feed has not been told

    /**
     * A change that the feed may not have been told.
     *
     * @param id of a device, there or deleted
     * @param mark another one for every change
     */
    public record Untold(String id, long mark) {}

    /** In order of id, so many at most. */
    public List<Untold> untold(int limit) {
        List<Untold> found = new ArrayList<>();
        try (Cursor cursor = store.cursor(untold)) {
            for (boolean more = cursor.seek(new byte[0]); more && found.size() < limit; more = cursor.next()) {
                found.add(new Untold(
                        text(cursor.key()), ByteBuffer.wrap(cursor.value()).getLong()));
            }
        }
        return found;
    }

    /** The feed has been told; what has changed again meanwhile stays untold. Durable on return. */
    public void told(List<Untold> all) {
        synchronized (writing) {
            write(batch -> all.forEach(one -> {
                byte[] key = utf8(one.id());
                byte[] stored = store.get(untold, key);
                if (stored != null && ByteBuffer.wrap(stored).getLong() == one.mark()) {
                    batch.delete(untold, key);
                }
            }));
        }
    }

    private byte[] mark() {
        return ByteBuffer.allocate(8).putLong(lastMark.incrementAndGet()).array();
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
                found.add(decode(text(cursor.key()), cursor.value()));
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
        return decoded("device", id, stored, DeviceCodec::decode);
    }

    private <T> T decoded(String what, String key, byte[] stored, BiFunction<String, byte[], T> codec) {
        try {
            return codec.apply(key, stored);
        } catch (IllegalArgumentException e) {
            throw new StorageException(what + " " + key + " in " + store.directory() + " " + e.getMessage(), e);
        }
    }

    private static byte[] key(String what, String text) {
        byte[] octets = utf8(text);
        if (octets.length < 1 || octets.length > ID_BYTES_MAX) {
            throw new IllegalArgumentException(
                    what + " must be 1.." + ID_BYTES_MAX + " bytes but was " + octets.length);
        }
        return octets;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
