package io.waymark.storage.record;

import java.util.ArrayList;
import java.util.List;

/**
 * Which former versions of one record may go: those that are too many or have been out of force for too long, unless the
 * feed has still to tell them. The feed needs the version that was in force when the next change to be told was made, and
 * all younger ones; so what may go are the oldest ones. Sees versions youngest first.
 */
final class HistoryTrim implements HistoryTable.Visitor {
    private final int versionsMax;
    private final long horizonMillis;
    private final long publishedSequence;
    private final List<byte[]> dropped = new ArrayList<>();
    private int kept;
    private long oldestUntilMillis;

    // of the version after the one seen next
    private long laterSequence;
    private long laterMillis;

    /**
     * @param kept versions younger than all that will be seen
     * @param laterSequence of the youngest of them, or of what is now
     */
    HistoryTrim(
            int versionsMax,
            long horizonMillis,
            long publishedSequence,
            int kept,
            long laterSequence,
            long laterMillis) {
        this.versionsMax = versionsMax;
        this.horizonMillis = horizonMillis;
        this.publishedSequence = publishedSequence;
        this.kept = kept;
        this.laterSequence = laterSequence;
        this.laterMillis = laterMillis;
        this.oldestUntilMillis = Long.MAX_VALUE;
    }

    @Override
    public boolean visit(byte[] key, HistoryTable.Row row) {
        boolean unwanted = kept >= versionsMax || laterMillis < horizonMillis;
        if (!dropped.isEmpty() || (unwanted && laterSequence <= publishedSequence)) {
            dropped.add(key);
        } else {
            kept++;
            oldestUntilMillis = laterMillis;
        }
        laterSequence = row.sequence();
        laterMillis = row.millis();
        return true;
    }

    /** Keys of what may go. */
    List<byte[]> dropped() {
        return dropped;
    }

    /** Versions that stay. */
    int kept() {
        return kept;
    }

    /** When the oldest of those seen that stay went out of force; the largest time if none does. */
    long oldestUntilMillis() {
        return oldestUntilMillis;
    }
}
