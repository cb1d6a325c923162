package io.waymark.storage.record;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Table files that become part of the record store together: all of them are durable and visible, or none.
 *
 * @param files for each table but {@link Table#HEADS} its files, on the store's file system; nobody touches them until the
 *     ingestion is done
 * @param created records that are new, those of companions included
 * @param replacing records that take the place of others; both bulks are told to the feed, this one last
 * @param heads writes the heads, which need numbers that are known only when the ingestion is taken
 * @param replaced existing records whose content changes
 * @param holds what the files hold, asked on the writer thread
 */
public record Ingestion(
        Map<Table, List<Path>> files,
        Bulk created,
        Bulk replacing,
        HeadFiles heads,
        ReplacedKeys replaced,
        Contents holds) {
    /**
     * The tables of the store that imports fill, in the order they are taken in: a reader between two of them sees a record's
     * past before its new present, and codes only after the records they lead to.
     */
    public enum Table {
        /** Former versions: {@link HistoryTable}. */
        HISTORY,
        /** Keys of bulks: {@link OutboxTable}. */
        BULK_KEYS,
        /** Folded handle → {@link RecordHead}. */
        HEADS,
        /** Folded handle → {@link StoredRecord}. */
        RECORDS,
        /** Folded handle → {@link AliasList}. */
        ALIASES_OF,
        /** Code → folded handle. */
        ALIASES
    }

    /**
     * Records the feed is told of.
     *
     * @param id of their keys in {@link Table#BULK_KEYS}, from {@link RecordStore#newBulkId}
     * @param count of keys; may be 0
     */
    public record Bulk(long id, long count) {}

    /** Makes heads; see {@link BulkDoor#past}. */
    @FunctionalInterface
    public interface HeadMaker {
        /**
         * The head of a record.
         *
         * @param seed of its {@link BulkDoor.Past}
         * @param created whether it is of the bulk of new records
         * @param ordinal its place in that bulk, from 0
         */
        byte[] head(byte[] seed, boolean hasAliases, boolean created, long ordinal);
    }

    /** Writes the files of {@link Table#HEADS}. */
    @FunctionalInterface
    public interface HeadFiles {
        /** Called once, on the writer thread, while nothing else is written. */
        List<Path> write(HeadMaker maker);
    }

    /**
     * Records that exist and change.
     *
     * @param all whether they are too many to be listed
     * @param keys their folded handles, unless all
     */
    public record ReplacedKeys(boolean all, List<byte[]> keys) {}

    /** What the files hold. */
    @FunctionalInterface
    public interface Contents {
        /** Whether one of these records or codes is set by the files. */
        boolean touches(Set<String> records, Set<String> aliases);
    }

    /** Copies the map. */
    public Ingestion {
        files = Map.copyOf(files);
    }
}
