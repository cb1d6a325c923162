package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB instance. Any thread; calls after {@link #close} throw {@link IllegalStateException} instead of ending
 * the process, and close waits for calls under way.
 */
public final class RocksStore implements AutoCloseable {
    /** Answer of {@link #get(ColumnFamily, ByteBuffer, ByteBuffer)}: no such key. */
    public static final int NOT_FOUND = RocksDB.NOT_FOUND;

    static {
        RocksDB.loadLibrary();
    }

    private final Path directory;
    private final RocksOptions options;
    private final RocksDB db;
    private final Map<String, ColumnFamily> families;
    private final WriteOptions synced;
    private final ReadOptions pointReads;
    private final ReadOptions scans;
    private final OpenGate gate;

    private RocksStore(Path directory, RocksOptions options, RocksDB db, Map<String, ColumnFamily> families) {
        this.directory = directory;
        this.options = options;
        this.db = db;
        this.families = families;
        this.synced = options.own(new WriteOptions()).setSync(true);
        this.pointReads = options.own(new ReadOptions());
        this.scans = options.own(new ReadOptions()).setFillCache(false);
        this.gate = new OpenGate("store " + directory);
    }

    /**
     * Opens the instance and its families, creating what is absent.
     *
     * @throws StorageException if another process holds it, or it cannot be read; the message names the directory
     */
    public static RocksStore open(RocksConfig config) {
        createDirectory(config.directory());
        RocksOptions options = new RocksOptions(config);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(
                    options.db(), config.directory().toString(), options.descriptors(config.families()), handles);
            return new RocksStore(config.directory(), options, db, named(config.families(), handles));
        } catch (RocksDBException e) {
            options.close();
            throw openFailure(config.directory(), e);
        }
    }

    /** A family named in the configuration. */
    public ColumnFamily family(String name) {
        ColumnFamily family = families.get(name);
        if (family == null) {
            throw new IllegalArgumentException(
                    "no column family \"" + name + "\" was opened, only " + families.keySet());
        }
        return family;
    }

    /**
     * Copies a value without allocating.
     *
     * @param key direct; position and limit unchanged
     * @param dst direct; position and limit unchanged
     * @return length of the value, even if it did not fit; or {@link #NOT_FOUND}
     */
    public int get(ColumnFamily family, ByteBuffer key, ByteBuffer dst) {
        int keyPosition = key.position();
        int dstPosition = dst.position();
        int dstLimit = dst.limit();
        gate.enter();
        try {
            return db.get(family.handle(), pointReads, key, dst);
        } catch (RocksDBException e) {
            throw failure("read " + family, e);
        } finally {
            gate.leave();
            key.position(keyPosition);
            dst.limit(dstLimit).position(dstPosition);
        }
    }

    /** The value as a fresh array, or null. */
    public byte @Nullable [] get(ColumnFamily family, byte[] key) {
        gate.enter();
        try {
            return db.get(family.handle(), pointReads, key);
        } catch (RocksDBException e) {
            throw failure("read " + family, e);
        } finally {
            gate.leave();
        }
    }

    /**
     * Makes a batch durable (fsync) and visible.
     *
     * @throws StorageException if it is not; whether a restart would find it is then unknown
     */
    public void write(RocksBatch batch) {
        gate.enter();
        try {
            db.write(synced, batch.handle());
        } catch (RocksDBException e) {
            throw failure("write", e);
        } finally {
            gate.leave();
        }
    }

    /** Opens a cursor; the caller closes it. Scanned blocks do not push others out of the cache. */
    public Cursor cursor(ColumnFamily family) {
        gate.enter();
        return new Cursor(db.newIterator(family.handle(), scans), gate, directory);
    }

    /**
     * Gives back the disk space of files that lie wholly in a range whose deletion is already durable.
     *
     * @param from inclusive
     * @param to exclusive
     */
    public void dropFiles(ColumnFamily family, byte[] from, byte[] to) {
        gate.enter();
        try {
            db.deleteFilesInRanges(family.handle(), List.of(from, to), false);
        } catch (RocksDBException e) {
            throw failure("drop files of " + family, e);
        } finally {
            gate.leave();
        }
    }

    /** RocksDB's estimate of the number of keys. */
    public long estimatedKeys(ColumnFamily family) {
        gate.enter();
        try {
            return db.getLongProperty(family.handle(), "rocksdb.estimate-num-keys");
        } catch (RocksDBException e) {
            throw failure("count " + family, e);
        } finally {
            gate.leave();
        }
    }

    /** Where it lives. */
    public Path directory() {
        return directory;
    }

    /** Waits for calls under way, then closes everything native. Closing again does nothing. */
    @Override
    public void close() {
        if (gate.close()) {
            families.values().forEach(family -> family.handle().close());
            db.close();
            options.close();
        }
    }

    private StorageException failure(String doing, RocksDBException e) {
        return new StorageException("cannot " + doing + " in " + directory + ": " + e.getMessage(), e);
    }

    private static Map<String, ColumnFamily> named(List<FamilySpec> specs, List<ColumnFamilyHandle> handles) {
        Map<String, ColumnFamily> named = new HashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            String name = specs.get(i).name();
            // handles.get(0) is RocksDB's default family; RocksDB.close() closes it.
            named.put(name, new ColumnFamily(name, handles.get(i + 1)));
        }
        return named;
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StorageException("cannot create directory " + directory + ": " + e, e);
        }
    }

    private static StorageException openFailure(Path directory, RocksDBException e) {
        String report = String.valueOf(e.getMessage());
        if (report.contains("/LOCK")) {
            return new StorageException(
                    "cannot open " + directory
                            + ": locked by another process (a second node on the same data directory?)",
                    e);
        }
        return new StorageException("cannot open " + directory + ": " + report, e);
    }
}
