package io.waymark.gateway.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares a gateway's ledger with the records of Kafka, told one by one in the order of their partitions. Decides only; reads
 * nothing. One thread.
 *
 * <p>Positions of a spool epoch have no gaps, so each up to {@link NodeLedger#forwarded} must be found once.
 * The numbers in the group tell which group misses one, also where Kafka's retention has taken the older ones.
 */
public final class LedgerCheck {
    private static final int SHOWN_MAX = 100;

    /** Which topic a record was found in. */
    public enum Found {
        /** The topic for device messages. */
        FORWARDED,
        /** The topic for what was refused. */
        REJECTED
    }

    private static final class Tally {
        long forwarded;
        long rejected;
        long compared;
        long lowestNumber = Long.MAX_VALUE;
    }

    private final NodeLedger node;
    private final PositionSet seen = new PositionSet();
    private final PositionSet compared = new PositionSet();
    private final Map<String, Tally> tallies = new HashMap<>();
    private final Map<Integer, Long> lastOfPartition = new HashMap<>();
    private final List<Long> doubled = new ArrayList<>();
    private final List<Long> outOfOrder = new ArrayList<>();
    private final List<Long> beyond = new ArrayList<>();
    private long doubledCount;
    private long outOfOrderCount;
    private long expired;

    /** @param node taken before Kafka is read */
    public LedgerCheck(NodeLedger node) {
        this.node = node;
    }

    /** What is compared. */
    public NodeLedger node() {
        return node;
    }

    /**
     * A committed record of this gateway and epoch.
     *
     * @param partition of the topic for device messages; not looked at for refused ones
     * @param position in the spool
     * @param group device group, empty for none
     * @param number in the group, 0 when it has none
     * @param mayBeGone whether neighbours of the same age may have been deleted by Kafka's retention
     */
    public void record(Found where, int partition, long position, String group, long number, boolean mayBeGone) {
        if (!seen.add(position)) {
            doubledCount++;
            note(doubled, position);
            return;
        }
        if (position > node.last()) {
            note(beyond, position);
        }
        Tally tally = tallies.computeIfAbsent(group, g -> new Tally());
        if (where == Found.REJECTED) {
            tally.rejected++;
        } else {
            tally.forwarded++;
            order(partition, position);
        }
        if (mayBeGone) {
            expired = Math.max(expired, position);
        } else if (position <= node.forwarded()) {
            compare(tally, position, number);
        }
    }

    private void compare(Tally tally, long position, long number) {
        compared.add(position);
        tally.compared++;
        if (number > 0) {
            tally.lowestNumber = Math.min(tally.lowestNumber, number);
        }
    }

    private void order(int partition, long position) {
        Long before = lastOfPartition.get(partition);
        if (before != null && before > position) {
            outOfOrderCount++;
            note(outOfOrder, position);
        } else {
            lastOfPartition.put(partition, position);
        }
    }

    private static void note(List<Long> list, long position) {
        if (list.size() < SHOWN_MAX) {
            list.add(position);
        }
    }

    /**
     * The outcome.
     *
     * @param lastNow highest position given by now, after Kafka was read; more than that Kafka cannot hold
     */
    public LedgerReport report(long lastNow) {
        long from = expired + 1;
        long to = node.forwarded();
        List<PositionSet.Range> ranges = compared.missing(from, to, SHOWN_MAX);
        long missing = missingCount(from, to);
        List<Long> strangers =
                beyond.stream().filter(position -> position > lastNow).toList();
        return new LedgerReport(
                from,
                to,
                lines(),
                ranges.stream().map(LedgerCheck::text).toList(),
                doubled,
                outOfOrder,
                strangers,
                new LedgerReport.Counts(missing, doubledCount, outOfOrderCount, strangers.size()));
    }

    private long missingCount(long from, long to) {
        return compared.missing(from, to, Integer.MAX_VALUE).stream()
                .mapToLong(range -> range.to() - range.from() + 1)
                .sum();
    }

    private static String text(PositionSet.Range range) {
        return range.from() == range.to() ? Long.toString(range.from()) : range.from() + "-" + range.to();
    }

    private List<LedgerReport.Line> lines() {
        Map<String, NodeLedger.Group> groups = new TreeMap<>();
        node.groups().forEach(group -> groups.put(group.name(), group));
        tallies.keySet().forEach(name -> groups.putIfAbsent(name, new NodeLedger.Group(name, 0, 0, 0)));
        return groups.values().stream().map(this::line).toList();
    }

    private LedgerReport.Line line(NodeLedger.Group group) {
        Tally tally = tallies.getOrDefault(group.name(), new Tally());
        long gone = expired == 0 ? 0 : gone(group, tally);
        long missing = Math.max(0, group.left() - gone - tally.compared);
        return new LedgerReport.Line(
                group.name(),
                group.spooled(),
                group.spooledQos0(),
                tally.forwarded,
                tally.rejected,
                group.waiting(),
                gone,
                missing);
    }

    /** Messages of a group before the first of them that Kafka still has; all, when it has none. */
    private static long gone(NodeLedger.Group group, Tally tally) {
        return tally.lowestNumber == Long.MAX_VALUE ? group.left() - tally.compared : tally.lowestNumber - 1;
    }
}
