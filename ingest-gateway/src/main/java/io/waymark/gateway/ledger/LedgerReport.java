package io.waymark.gateway.ledger;

import java.util.List;

/**
 * What came of comparing a gateway's ledger with Kafka.
 *
 * @param from lowest position compared; below it Kafka may have let records go by its own retention
 * @param to highest position that must be in Kafka
 * @param groups by name
 * @param missing ranges of positions in neither topic, the first of them
 * @param doubled positions found more than once, the first of them
 * @param outOfOrder positions found behind a higher one in their partition, the first of them
 * @param beyond positions Kafka has and the spool never gave, the first of them
 * @param counts how many there are of each in all
 */
public record LedgerReport(
        long from,
        long to,
        List<Line> groups,
        List<String> missing,
        List<Long> doubled,
        List<Long> outOfOrder,
        List<Long> beyond,
        Counts counts) {
    /**
     * One device group.
     *
     * @param group its name
     * @param spooled ever made durable
     * @param unacknowledged those of QoS 0
     * @param forwarded found in the topic for device messages, each position once
     * @param rejected found in the topic for what was refused, each position once
     * @param waiting still to be forwarded
     * @param expired below {@code from}: Kafka may have let them go
     * @param missing spooled, neither found nor waiting nor expired
     */
    public record Line(
            String group,
            long spooled,
            long unacknowledged,
            long forwarded,
            long rejected,
            long waiting,
            long expired,
            long missing) {}

    /**
     * How many.
     *
     * @param missing positions
     * @param doubled records too many
     * @param outOfOrder records
     * @param beyond records
     */
    public record Counts(long missing, long doubled, long outOfOrder, long beyond) {}

    /** Copies the lists. */
    public LedgerReport {
        groups = List.copyOf(groups);
        missing = List.copyOf(missing);
        doubled = List.copyOf(doubled);
        outOfOrder = List.copyOf(outOfOrder);
        beyond = List.copyOf(beyond);
    }

    /** Whether everything is where it belongs, once, and in order. */
    public boolean isExact() {
        return counts.missing == 0
                && counts.doubled == 0
                && counts.outOfOrder == 0
                && counts.beyond == 0
                && groups.stream().allMatch(line -> line.missing == 0);
    }
}
