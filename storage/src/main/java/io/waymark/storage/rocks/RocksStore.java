package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.KeyMayExist;
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

    /** Answer of {@link #getCached}: only the disk knows. */
    public static final int NOT_CACHED = -3;

    static {
        RocksDB.loadLibrary();
    }

    /** Manifest, options and the like. */
    private static final long ROOM_TO_OPEN_BYTES = 1 << 20;

    private final RocksConfig config;
    private final OpenGate gate = new OpenGate();
    private final Map<String, ColumnFamily> families = new HashMap<>();
    private volatile boolean closed;

    /** Changed only while the gate is shut; null while it is shut. */
    private @Nullable Instance instance;

    /** What is native, from one opening to the next closing. */
    private record Instance(
            RocksOptions options, RocksDB db, WriteOptions synced, ReadOptions pointReads, ReadOptions scans) {
        void close() {
            db.close();
            options.close();
        }
    }

    private RocksStore(RocksConfig config) {
        this.config = config;
        gate.shut();
    }

    /**
     * Opens the instance and its families, creating what is absent.
     *
     * @throws StorageException if another process holds it, or it cannot be read; the message names the directory
     */
    public static RocksStore open(RocksConfig config) {
        createDirectory(config.directory());
        RocksStore store = new RocksStore(config);
        store.openInstance();
        return store;
    }

    /**
     * Closes and opens again, which recovers as a restart would: for a store whose writes fail. Callers get a
     * {@link StorageException} meanwhile, and from then on if this fails too; it may then be tried again.
     *
     * @throws StorageException if it cannot be opened
     */
    public synchronized void reopen() {
        if (closed) {
            throw new IllegalStateException("store " + config.directory() + " is closed");
        }
        closeInstance();
        openInstance();
    }

    /** Whether {@link #reopen} would find room for what it writes: the log's content as table files, and a new log. */
    public boolean hasRoomToOpen() {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(config.directory(), "*.log")) {
            long needed = ROOM_TO_OPEN_BYTES;
            for (Path log : logs) {
                needed += Files.size(log);
            }
            return Files.getFileStore(config.directory()).getUsableSpace() >= needed;
        } catch (IOException | DirectoryIteratorException e) {
            return true;
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
        Instance open = enter();
        try {
            return open.db().get(family.handle(), open.pointReads(), key, dst);
        } catch (RocksDBException e) {
            throw failure("read " + family, e);
        } finally {
            gate.leave();
            key.position(keyPosition);
            dst.limit(dstLimit).position(dstPosition);
        }
    }

    /**
     * As {@link #get(ColumnFamily, ByteBuffer, ByteBuffer)}, but from what RocksDB holds in memory (written lately, cached
     * blocks and filters): never waits for a disk. Allocates a little.
     *
     * @return as there; or {@link #NOT_CACHED}, which it always is for a value of no octets
     */
    public int getCached(ColumnFamily family, ByteBuffer key, ByteBuffer dst) {
        int dstPosition = dst.position();
        int dstLimit = dst.limit();
        Instance open = enter();
        try {
            // a slice, because this call of RocksDB's looks at the key from the buffer's start whatever its position
            KeyMayExist found = open.db().keyMayExist(family.handle(), open.pointReads(), key.slice(), dst);
            return switch (found.exists) {
                case kNotExist -> NOT_FOUND;
                case kExistsWithoutValue -> NOT_CACHED;
                // an index block that is missing makes it say "with value" and mean "perhaps": the value is empty
                case kExistsWithValue -> found.valueLength == 0 ? NOT_CACHED : found.valueLength;
            };
        } finally {
            gate.leave();
            dst.limit(dstLimit).position(dstPosition);
        }
    }

    /** The value as a fresh array, or null. */
    public byte @Nullable [] get(ColumnFamily family, byte[] key) {
        Instance open = enter();
        try {
            return open.db().get(family.handle(), open.pointReads(), key);
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
        Instance open = enter();
        try {
            open.db().write(open.synced(), batch.handle());
        } catch (RocksDBException e) {
            throw failure("write", e);
        } finally {
            gate.leave();
        }
    }

    /** Opens a cursor; the caller closes it. Scanned blocks do not push others out of the cache. */
    public Cursor cursor(ColumnFamily family) {
        Instance open = enter();
        return new Cursor(open.db().newIterator(family.handle(), open.scans()), gate, config.directory());
    }

    /**
     * Gives back the disk space of files that lie wholly in a range whose deletion is already durable.
     *
     * @param from inclusive
     * @param to exclusive
     */
    public void dropFiles(ColumnFamily family, byte[] from, byte[] to) {
        Instance open = enter();
        try {
            open.db().deleteFilesInRanges(family.handle(), List.of(from, to), false);
        } catch (RocksDBException e) {
            throw failure("drop files of " + family, e);
        } finally {
            gate.leave();
        }
    }

    /** Begins to write everything in memory to table files, whereupon the log goes; does not wait for it. */
    public void flush() {
        Instance open = enter();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
            List<ColumnFamilyHandle> handles =
                    families.values().stream().map(ColumnFamily::handle).toList();
            open.db().flush(options, handles);
        } catch (RocksDBException e) {
            throw failure("flush", e);
        } finally {
            gate.leave();
        }
    }

    /** A new table file with the tuning of a family, for {@link #ingest}. */
    public SstFile newFile(ColumnFamily family, Path path) {
        return new SstFile(useOf(family), path);
    }

    /**
     * Takes finished table files into a family, all or none of them, durably; keys they hold win over what was there. The
     * files stay where they are: on one file system they are linked, elsewhere copied.
     *
     * @throws StorageException if it is not done
     */
    public void ingest(ColumnFamily family, List<Path> files) {
        Instance open = enter();
        try (IngestExternalFileOptions options = new IngestExternalFileOptions()) {
            List<String> links = new ArrayList<>();
            for (Path file : files) {
                links.add(linked(file).toString());
            }
            // moves the second name of each file, not the first
            open.db().ingestExternalFile(family.handle(), links, options.setMoveFiles(true));
        } catch (RocksDBException e) {
            throw failure("ingest into " + family, e);
        } catch (IOException e) {
            throw new StorageException("cannot ingest into " + family + " in " + config.directory() + ": " + e, e);
        } finally {
            gate.leave();
        }
    }

    private static Path linked(Path file) throws IOException {
        Path link = file.resolveSibling(file.getFileName() + ".link");
        Files.deleteIfExists(link);
        try {
            return Files.createLink(link, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            return Files.copy(file, link);
        }
    }

    private FamilySpec.Use useOf(ColumnFamily family) {
        return config.families().stream()
                .filter(spec -> spec.name().equals(family.name()))
                .findFirst()
                .orElseThrow()
                .use();
    }

    /** RocksDB's estimate of the number of keys. */
    public long estimatedKeys(ColumnFamily family) {
        Instance open = enter();
        try {
            return open.db().getLongProperty(family.handle(), "rocksdb.estimate-num-keys");
        } catch (RocksDBException e) {
            throw failure("count " + family, e);
        } finally {
            gate.leave();
        }
    }

    /** Where it lives. */
    public Path directory() {
        return config.directory();
    }

    /** Waits for calls under way, then closes everything native. Closing again does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        closeInstance();
    }

    private Instance enter() {
        if (gate.enter()) {
            Instance open = instance;
            if (open != null) {
                return open;
            }
            gate.leave();
        }
        if (closed) {
            throw new IllegalStateException("store " + config.directory() + " is closed");
        }
        throw new StorageException("store " + config.directory() + " is being repaired after a failed write");
    }

    private void openInstance() {
        RocksOptions options = new RocksOptions(config);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(
                    options.db(), config.directory().toString(), options.descriptors(config.families()), handles);
            instance = new Instance(
                    options,
                    db,
                    options.own(new WriteOptions()).setSync(true),
                    options.own(new ReadOptions()),
                    options.own(new ReadOptions()).setFillCache(false));
        } catch (RocksDBException e) {
            options.close();
            throw openFailure(config.directory(), e);
        }
        name(handles);
        gate.open();
    }

    private void closeInstance() {
        gate.shut();
        Instance open = instance;
        instance = null;
        if (open != null) {
            families.values().forEach(family -> family.handle().close());
            open.close();
        }
    }

    private void name(List<ColumnFamilyHandle> handles) {
        for (int i = 0; i < config.families().size(); i++) {
            String name = config.families().get(i).name();
            // handles.get(0) is RocksDB's default family; RocksDB.close() closes it.
            ColumnFamilyHandle handle = handles.get(i + 1);
            families.computeIfAbsent(name, n -> new ColumnFamily(n, handle)).reopened(handle);
        }
    }

    private StorageException failure(String doing, RocksDBException e) {
        return new StorageException("cannot " + doing + " in " + config.directory() + ": " + e.getMessage(), e);
    }

    /**
     * Creates it if it is absent.
     *
     * @throws StorageException if it cannot be made
     */
    public static Path createDirectory(Path directory) {
        try {
            return Files.createDirectories(directory);
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
