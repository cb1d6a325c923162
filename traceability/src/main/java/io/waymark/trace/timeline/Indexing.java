package io.waymark.trace.timeline;

import io.waymark.trace.capture.Provenance;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.event.SensorReport;
import io.waymark.trace.event.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * In whose timelines an event belongs: every thing, lot and class it names, and the class of every lot. An event that names
 * no thing belongs to its read point: the place was measured.
 */
public final class Indexing {
    private Indexing() {}

    /**
     * An entry and whose it is.
     *
     * @param canonical canonical identity
     * @param entry the entry
     */
    public record Indexed(String canonical, TimelineEntry entry) {}

    /**
     * The entries of an event.
     *
     * @param canonical canonical identity of a URI; may return the URI itself
     */
    public static List<Indexed> of(
            String eventId, ObjectEvent event, Provenance from, UnaryOperator<String> canonical) {
        Map<String, TimelineEntry> entries = new LinkedHashMap<>();
        for (String epc : event.epcs()) {
            entries.put(canonical.apply(epc), entry(eventId, event, from, null));
        }
        for (QuantityElement quantity : event.quantities()) {
            String lot = canonical.apply(quantity.epcClass());
            TimelineEntry entry = entry(eventId, event, from, quantity);
            entries.put(lot, entry);
            String kind = Subject.classOfLot(lot);
            if (kind != null) {
                entries.putIfAbsent(kind, entry.about(lot));
            }
        }
        String place = event.readPoint();
        if (entries.isEmpty() && place != null) {
            entries.put(canonical.apply(place), entry(eventId, event, from, null));
        }
        return entries.entrySet().stream()
                .filter(e -> TimelineKey.accepts(e.getKey()))
                .map(e -> new Indexed(e.getKey(), e.getValue()))
                .toList();
    }

    private static TimelineEntry entry(
            String eventId, ObjectEvent event, Provenance from, @Nullable QuantityElement quantity) {
        List<SensorReport> sensor =
                event.sensors().stream().flatMap(s -> s.reports().stream()).toList();
        return new TimelineEntry(
                eventId,
                "ObjectEvent",
                event.eventTime(),
                event.action(),
                event.bizStep(),
                event.disposition(),
                event.readPoint(),
                event.bizLocation(),
                quantity,
                sensor,
                from.device(),
                from.topic(),
                from.messageId(),
                null);
    }
}
