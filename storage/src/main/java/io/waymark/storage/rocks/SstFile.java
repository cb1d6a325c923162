package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.EnvOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * A table file being written outside the store, for {@link RocksStore#ingest}. Keys must come in ascending order of their
 * unsigned octets, each once. One thread.
 */
public final class SstFile implements AutoCloseable {
    private final Path path;
    private final RocksOptions options = RocksOptions.ofFiles();
    private final EnvOptions environment = new EnvOptions();
    private final SstFileWriter writer;

    /** Creates the file with the tuning of a family of that use. */
    SstFile(FamilySpec.Use use, Path path) {
        this.path = path;
        this.writer = new SstFileWriter(environment, options.file(use));
        change(() -> writer.open(path.toString()));
    }

    private interface Change {
        void run() throws RocksDBException;
    }

    /** Adds a key; both direct, position to limit. */
    public void put(ByteBuffer key, ByteBuffer value) {
        try {
            writer.put(key, value);
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    /** Adds a key. */
    public void put(byte[] key, byte[] value) {
        change(() -> writer.put(key, value));
    }

    /** Adds the removal of a key. */
    public void delete(byte[] key) {
        change(() -> writer.delete(key));
    }

    /** Completes the file and has it on disk (fsync). It must hold something. */
    public void finish() {
        change(writer::finish);
    }

    /** Frees what is native; without {@link #finish} the file is worthless. */
    @Override
    public void close() {
        writer.close();
        environment.close();
        options.close();
    }

    private void change(Change change) {
        try {
            change.run();
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    private StorageException failure(RocksDBException e) {
        return new StorageException("cannot write " + path + ": " + e.getMessage(), e);
    }
}
