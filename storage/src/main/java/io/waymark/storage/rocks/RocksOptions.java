package io.waymark.storage.rocks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/** Every RocksDB option Waymark sets, and the owner of the native objects behind them. */
final class RocksOptions implements AutoCloseable {
    private static final long MIB = 1 << 20;
    private static final double BLOOM_BITS_PER_KEY = 10;

    private final Deque<AbstractNativeReference> owned = new ArrayDeque<>();
    /** As many buffers as wait for their table files at most: together they are no more than the log. */
    private static final int BUFFERS = 4;

    private final Cache cache;
    private final DBOptions db;
    private final long bufferBytesMax;

    RocksOptions(RocksConfig config) {
        cache = own(new LRUCache(config.blockCacheBytes()));
        db = own(new DBOptions());
        bufferBytesMax = config.walBytesMax() / BUFFERS;
        db.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(config.walBytesMax())
                // A torn last record is what a crash leaves; everything before it is recovered.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(MIB)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setMaxLogFileSize(MIB)
                .setKeepLogFileNum(4);
    }

    /** For table files written outside a store. */
    static RocksOptions ofFiles() {
        return new RocksOptions(new RocksConfig(Path.of(""), List.of(), MIB, MIB));
    }

    DBOptions db() {
        return db;
    }

    /** What a table file of a family is written with. */
    Options file(FamilySpec.Use use) {
        return own(new Options(db, family(use)));
    }

    /** The default family, which RocksDB demands and Waymark leaves empty, then the given ones. */
    List<ColumnFamilyDescriptor> descriptors(List<FamilySpec> families) {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small()));
        for (FamilySpec family : families) {
            descriptors.add(
                    new ColumnFamilyDescriptor(family.name().getBytes(StandardCharsets.UTF_8), family(family.use())));
        }
        return descriptors;
    }

    private ColumnFamilyOptions family(FamilySpec.Use use) {
        return switch (use) {
            case POINT_LOOKUP -> pointLookup();
            case LOG -> log();
            case QUEUE -> queue();
            case SMALL -> small();
        };
    }

    private ColumnFamilyOptions pointLookup() {
        BlockBasedTableConfig table = table().setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(32 * MIB)
                .setMaxWriteBufferNumber(3)
                .setMemtablePrefixBloomSizeRatio(0.02)
                .setMemtableWholeKeyFiltering(true);
    }

    /**
     * Files never overlap, so level compaction moves them without rewriting; what is dropped goes as whole files
     * ({@link RocksStore#dropFiles}). Compressed once, at flush, because a long outage of Kafka fills the disk with it.
     */
    private ColumnFamilyOptions log() {
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table().setBlockSize(32 * 1024))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(Math.min(64 * MIB, bufferBytesMax))
                .setMaxWriteBufferNumber(BUFFERS)
                .setTargetFileSizeBase(64 * MIB);
    }

    /** What is removed before it is flushed never reaches a file. */
    private ColumnFamilyOptions queue() {
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table().setBlockSize(16 * 1024))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(Math.min(32 * MIB, bufferBytesMax));
    }

    private ColumnFamilyOptions small() {
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table())
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(8 * MIB);
    }

    private BlockBasedTableConfig table() {
        return new BlockBasedTableConfig().setBlockCache(cache);
    }

    <T extends AbstractNativeReference> T own(T nativeObject) {
        owned.push(nativeObject);
        return nativeObject;
    }

    @Override
    public void close() {
        owned.forEach(AbstractNativeReference::close);
        owned.clear();
    }
}
