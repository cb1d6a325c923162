package io.waymark.trace.timeline;

import io.waymark.trace.event.Action;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.event.SensorReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event in the life of an item, as kept in its timeline.
 *
 * @param eventId EPCIS event id
 * @param type EPCIS event type, for example {@code ObjectEvent}
 * @param eventTime when it happened
 * @param action how it touched the item
 * @param bizStep CBV bare word or URI
 * @param disposition CBV bare word or URI
 * @param readPoint URI
 * @param bizLocation URI
 * @param quantity how much, for events of a class or lot
 * @param sensor what was measured
 * @param device device id; empty when not known
 * @param topic topic of the message behind it; empty when not known
 * @param messageId CloudEvents id of the message behind it; empty when not known
 * @param about canonical identity of what the event names, when that is not the item asked for but its lot
 */
public record TimelineEntry(
        String eventId,
        String type,
        Instant eventTime,
        Action action,
        @Nullable String bizStep,
        @Nullable String disposition,
        @Nullable String readPoint,
        @Nullable String bizLocation,
        @Nullable QuantityElement quantity,
        List<SensorReport> sensor,
        String device,
        String topic,
        String messageId,
        @Nullable String about) {
    /** Copies the list. */
    public TimelineEntry {
        sensor = List.copyOf(sensor);
    }

    /** The same entry, shown in another item's timeline. */
    public TimelineEntry about(String canonical) {
        return new TimelineEntry(
                eventId,
                type,
                eventTime,
                action,
                bizStep,
                disposition,
                readPoint,
                bizLocation,
                quantity,
                sensor,
                device,
                topic,
                messageId,
                canonical);
    }
}
