package io.waymark.storage.rocks;

/**
 * A column family a store needs.
 *
 * @param name fixed for ever; part of the disk format
 * @param use decides its tuning
 */
public record FamilySpec(String name, Use use) {
    /** How a column family is read and written. */
    public enum Use {
        /** Many keys, looked up one by one: bloom filter, LZ4, index and filter in the block cache. */
        POINT_LOOKUP,
        /** Appended in key order, read in key order, dropped from the front. */
        LOG,
        /** Appended in key order by many, removed again soon, read in key order. */
        QUEUE,
        /** Few keys, rarely read. */
        SMALL
    }
}
