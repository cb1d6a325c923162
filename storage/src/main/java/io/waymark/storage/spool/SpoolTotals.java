package io.waymark.storage.spool;

import java.util.Comparator;
import java.util.List;

/**
 * How many messages were ever made durable, by device group.
 *
 * @param epoch of the spool
 * @param position of the last message counted; the sum over the groups
 * @param groups in order of name
 */
public record SpoolTotals(String epoch, long position, List<Group> groups) {
    /**
     * One device group.
     *
     * @param name as in {@link SpoolMessage#group}
     * @param messages ever spooled in this epoch
     * @param messagesQos0 those of them nobody waits to have acknowledged
     */
    public record Group(String name, long messages, long messagesQos0) {}

    /** Sorts the groups. */
    public SpoolTotals {
        groups = groups.stream().sorted(Comparator.comparing(Group::name)).toList();
    }
}
