package io.waymark.storage.record;

import java.nio.ByteBuffer;

/**
 * What of a record's past its next head must know.
 *
 * @param number versions there were
 * @param kept of them in {@link HistoryTable}, the present one included, which is about to become a former one
 * @param oldestUntilMillis when the oldest went out of force; {@link Long#MAX_VALUE} if that is the present one
 */
record HeadSeed(int number, int kept, long oldestUntilMillis) {
    private static final int BYTES = 16;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(number)
                .putInt(kept)
                .putLong(oldestUntilMillis)
                .array();
    }

    static HeadSeed decode(byte[] seed) {
        ByteBuffer in = ByteBuffer.wrap(seed);
        return new HeadSeed(in.getInt(), in.getInt(), in.getLong());
    }

    RecordHead head(Action action, boolean hasAliases, long sequence, long millis, Author author) {
        return new RecordHead(
                action, hasAliases, number + 1, sequence, millis, kept, Math.min(oldestUntilMillis, millis), author);
    }
}
