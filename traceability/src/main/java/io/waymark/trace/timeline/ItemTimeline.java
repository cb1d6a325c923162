package io.waymark.trace.timeline;

import io.waymark.identifier.Recognition;
import io.waymark.identifier.Scheme;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The answer to "where has this item been?".
 *
 * @param code as asked
 * @param identifier canonical identity of the item
 * @param scheme what kind of code it was
 * @param fields the code's decoded parts
 * @param events oldest first; the latest ones when there are more than asked for
 * @param truncated whether older events were left out
 */
public record ItemTimeline(
        String code,
        String identifier,
        Scheme scheme,
        List<Recognition.Field> fields,
        List<TimelineEntry> events,
        boolean truncated) {
    /** Copies the lists. */
    public ItemTimeline {
        fields = List.copyOf(fields);
        events = List.copyOf(events);
    }

    /** By time; events of one time in a fixed order. */
    private static final Comparator<TimelineEntry> ORDER =
            Comparator.comparing(TimelineEntry::eventTime).thenComparing(TimelineEntry::eventId);

    /** The events of an item and of its lot as one sequence, oldest first, each event once. */
    public static List<TimelineEntry> merge(List<TimelineEntry> own, List<TimelineEntry> ofLot) {
        List<TimelineEntry> all = new ArrayList<>(own);
        Set<String> ids = new HashSet<>();
        own.forEach(e -> ids.add(e.eventId()));
        ofLot.stream().filter(e -> ids.add(e.eventId())).forEach(all::add);
        all.sort(ORDER);
        return all;
    }

    /** The latest {@code limit} of a sequence. */
    public static List<TimelineEntry> latest(List<TimelineEntry> events, int limit) {
        return events.size() <= limit ? events : events.subList(events.size() - limit, events.size());
    }
}
