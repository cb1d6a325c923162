package io.waymark.storage.bulk;

import io.waymark.storage.StorageException;
import io.waymark.storage.record.BulkDoor;
import io.waymark.storage.record.Ingestion.Table;
import io.waymark.storage.rocks.SstFile;
import io.waymark.storage.rocks.SstKeys;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Ascending keys of one table as table files that follow each other. Chunks are gathered here and written by the executor,
 * because compressing costs more than all the rest: at most as many at once as there is memory lent for. One thread.
 */
final class TableFiles {
    private static final int DELETED = -1;
    private static final int ENTRY_HEADER = 6;

    private final BulkDoor door;
    private final Table table;
    private final String name;
    private final Path directory;
    private final Chunks chunks;
    private final Executor executor;
    private final List<Finished> files = new ArrayList<>();
    private final List<CompletableFuture<Void>> writing = new ArrayList<>();
    private Octets chunk = new Octets(0);
    private int lastKeyAt;
    private int lastKeyLength;

    /** A file and the keys it begins and ends with. */
    private record Finished(Path path, byte[] first, byte[] last) {}

    TableFiles(BulkDoor door, Table table, String name, Path directory, Chunks chunks, Executor executor) {
        this.door = door;
        this.table = table;
        this.name = name;
        this.directory = directory;
        this.chunks = chunks;
        this.executor = executor;
    }

    /** Adds a key with its value. */
    void put(byte[] key, int keyAt, int keyLength, byte[] value, int valueAt, int valueLength) {
        begin(key, keyAt, keyLength, valueLength).put(value, valueAt, valueLength);
    }

    /** Adds the removal of a key. */
    void delete(byte[] key, int keyAt, int keyLength) {
        begin(key, keyAt, keyLength, DELETED);
    }

    private Octets begin(byte[] key, int at, int length, int valueLength) {
        if (chunk.size() > Chunks.BYTES) {
            hand();
        }
        if (chunk.size() == 0) {
            chunk = chunks.take();
        }
        chunk.putShort(length).putInt(valueLength);
        lastKeyAt = chunk.size();
        lastKeyLength = length;
        return chunk.put(key, at, length);
    }

    private void hand() {
        Octets full = chunk;
        Path path = directory.resolve(name + "-" + files.size() + ".sst");
        byte[] last = Arrays.copyOfRange(full.array(), lastKeyAt, lastKeyAt + lastKeyLength);
        byte[] first = Arrays.copyOfRange(full.array(), ENTRY_HEADER, ENTRY_HEADER + full.getShort(0));
        files.add(new Finished(path, first, last));
        writing.add(CompletableFuture.runAsync(() -> write(full, path), executor));
        chunk = new Octets(0);
    }

    private void write(Octets full, Path path) {
        try (SstFile file = door.newFile(table, path)) {
            ByteBuffer key = ByteBuffer.allocateDirect(0x10000);
            ByteBuffer value = ByteBuffer.allocateDirect(1 << 16);
            for (int at = 0; at < full.size(); ) {
                int keyLength = full.getShort(at);
                int valueLength = full.getInt(at + 2);
                int keyAt = at + ENTRY_HEADER;
                at = keyAt + keyLength + Math.max(0, valueLength);
                if (valueLength == DELETED) {
                    file.delete(Arrays.copyOfRange(full.array(), keyAt, keyAt + keyLength));
                    continue;
                }
                if (value.capacity() < valueLength) {
                    value = ByteBuffer.allocateDirect(2 * valueLength);
                }
                file.put(
                        key.clear().put(full.array(), keyAt, keyLength).flip(),
                        value.clear()
                                .put(full.array(), keyAt + keyLength, valueLength)
                                .flip());
            }
            file.finish();
        } finally {
            chunks.giveBack(full);
        }
    }

    /** Waits for what is being written, and gives every file. */
    List<Path> finish() {
        if (chunk.size() > 0) {
            hand();
        }
        for (CompletableFuture<Void> file : writing) {
            try {
                file.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new StorageException("cannot write a table file: " + e.getCause(), e);
            }
        }
        return files.stream().map(Finished::path).toList();
    }

    /** Waits until nobody writes any more, however it ended, and gives back what memory it has. */
    void quiesce() {
        if (chunk.size() > 0) {
            chunks.giveBack(chunk);
            chunk = new Octets(0);
        }
        for (CompletableFuture<Void> file : writing) {
            file.handle((done, failure) -> null).join();
        }
    }

    /** Whether a finished file sets one of the keys. */
    boolean touches(Set<String> keys) {
        List<Finished> all = List.copyOf(files);
        SstKeys[] open = new SstKeys[all.size()];
        try {
            for (String key : keys) {
                if (contains(all, open, StagedEntries.utf8(key))) {
                    return true;
                }
            }
            return false;
        } finally {
            for (SstKeys file : open) {
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    private static boolean contains(List<Finished> all, SstKeys[] open, byte[] key) {
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(key, all.get(middle).first()) < 0) {
                high = middle - 1;
            } else if (Arrays.compareUnsigned(key, all.get(middle).last()) > 0) {
                low = middle + 1;
            } else {
                if (open[middle] == null) {
                    open[middle] = new SstKeys(all.get(middle).path());
                }
                return open[middle].contains(key);
            }
        }
        return false;
    }
}
