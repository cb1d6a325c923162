package io.waymark.trace.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on the memory of all state stores of the process, outside the heap: blocks, their indexes and filters, and what is
 * not yet written to files. Without it every store of every partition takes up to 98 MB of its own.
 *
 * <p>Kafka Streams makes one instance per store. The shared cache lives as long as the process: stores come and go with
 * rebalances, and the last one closed cannot know that it was the last.
 */
public final class StoreMemory implements RocksDBConfigSetter {
    private static final long TOTAL_BYTES = 192L << 20;
    /** Part of the total. */
    private static final long WRITE_BUFFER_BYTES = 64L << 20;

    private static final long WRITE_BUFFER_BYTES_EACH = 8L << 20;
    private static final int WRITE_BUFFERS_EACH = 2;

    private static final class Shared {
        private static final Cache CACHE;
        private static final WriteBufferManager WRITE_BUFFERS;

        static {
            RocksDB.loadLibrary();
            CACHE = new LRUCache(TOTAL_BYTES);
            WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(Shared.CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(Shared.WRITE_BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES_EACH);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS_EACH);
    }

    @Override
    public void close(String storeName, Options options) {
        // what is shared stays open
    }
}
