package io.waymark.storage.rocks;

import io.waymark.storage.StorageException;
import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/** Says which keys a finished {@link SstFile} holds. One thread. */
public final class SstKeys implements AutoCloseable {
    private final Path path;
    private final RocksOptions options = RocksOptions.ofFiles();
    private final ReadOptions reads = new ReadOptions();
    private final SstFileReader reader;
    private final SstFileReaderIterator iterator;

    /** @throws StorageException if the file is none or cannot be read */
    public SstKeys(Path path) {
        this.path = path;
        this.reader = new SstFileReader(options.file(FamilySpec.Use.POINT_LOOKUP));
        try {
            reader.open(path.toString());
        } catch (RocksDBException e) {
            reader.close();
            reads.close();
            options.close();
            throw new StorageException("cannot read " + path + ": " + e.getMessage(), e);
        }
        this.iterator = reader.newIterator(reads);
    }

    /** Whether the file sets the key; a removal of it does not count. */
    public boolean contains(byte[] key) {
        iterator.seek(key);
        if (iterator.isValid()) {
            return Arrays.equals(iterator.key(), key);
        }
        try {
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw new StorageException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        iterator.close();
        reader.close();
        reads.close();
        options.close();
    }
}
