package io.waymark.resolver.wire;

import io.waymark.storage.record.RecordStore;
import java.nio.ByteBuffer;

/** How far a thread may go for a record. */
public enum RecordReader {
    /** What is in memory: for event loops. */
    MEMORY {
        @Override
        int read(RecordStore records, long hash, ByteBuffer key, ByteBuffer dst) {
            return records.readCached(hash, key, dst);
        }
    },
    /** To the disk: for threads that may wait. */
    DISK {
        @Override
        int read(RecordStore records, long hash, ByteBuffer key, ByteBuffer dst) {
            int length = records.readMemory(hash, key, dst);
            return length == RecordStore.NOT_IN_MEMORY ? records.readDisk(key, dst) : length;
        }
    };

    /** As {@link RecordStore#readCached}. */
    abstract int read(RecordStore records, long hash, ByteBuffer key, ByteBuffer dst);
}
