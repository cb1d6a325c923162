package io.waymark.gateway.ledger;

import io.waymark.storage.StorageException;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolEntry;
import io.waymark.storage.spool.SpoolTotals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The gateway's side of the ledger at one moment: what was acknowledged and spooled, by device group, and how much of it still
 * waits to be forwarded. What was spooled and waits no more must be in Kafka, forwarded or rejected.
 *
 * @param gatewayId names the gateway in Kafka
 * @param epoch of its spool; positions mean something only together with it
 * @param first lowest position still held
 * @param last highest position given
 * @param forwarded everything up to here is committed in Kafka, as far as the gateway knows
 * @param groups in order of name
 */
public record NodeLedger(String gatewayId, String epoch, long first, long last, long forwarded, List<Group> groups) {
    private static final int READ_ENTRIES = 4_096;
    private static final long READ_BYTES = 16L << 20;
    private static final int TRIES = 5;

    /**
     * One device group.
     *
     * @param name empty = messages nobody named a group for
     * @param spooled messages ever made durable; those of QoS 1 and 2 were acknowledged only then
     * @param spooledQos0 those of them nobody waited for
     * @param waiting not yet committed in Kafka
     */
    public record Group(String name, long spooled, long spooledQos0, long waiting) {
        /** What must be in Kafka. */
        public long left() {
            return spooled - waiting;
        }
    }

    /** Copies the groups. */
    public NodeLedger {
        groups = List.copyOf(groups);
    }

    /**
     * Takes stock. Reads what waits, so it takes as long as the backlog is large.
     *
     * @param forwarded position up to which everything is committed; asked again if it moves on far meanwhile
     * @throws StorageException if the spool cannot be read
     */
    public static NodeLedger of(String gatewayId, Spool spool, LongSupplier forwarded) {
        for (int i = 0; i < TRIES; i++) {
            SpoolTotals totals = spool.totals();
            long done = Math.min(totals.position(), Math.max(forwarded.getAsLong(), spool.first() - 1));
            Map<String, Long> waiting = waiting(spool, done + 1, totals.position());
            if (waiting.values().stream().mapToLong(n -> n).sum() == totals.position() - done) {
                List<Group> groups = totals.groups().stream()
                        .map(group -> new Group(
                                group.name(),
                                group.messages(),
                                group.messagesQos0(),
                                waiting.getOrDefault(group.name(), 0L)))
                        .toList();
                return new NodeLedger(gatewayId, totals.epoch(), spool.first(), totals.position(), done, groups);
            }
        }
        throw new StorageException("the spool was trimmed faster than it could be counted, " + TRIES + " times");
    }

    private static Map<String, Long> waiting(Spool spool, long from, long to) {
        Map<String, Long> counts = new HashMap<>();
        for (long next = from; next <= to; ) {
            List<SpoolEntry> read = spool.read(next, READ_ENTRIES, READ_BYTES);
            if (read.isEmpty() || read.get(0).position() != next) {
                break;
            }
            for (SpoolEntry entry : read) {
                if (entry.position() <= to) {
                    counts.merge(entry.message().group(), 1L, Long::sum);
                }
            }
            next = read.get(read.size() - 1).position() + 1;
        }
        return counts;
    }
}
