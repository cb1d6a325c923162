package io.waymark.trace.event;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something happened to things, or was measured (EPCIS 2.0 §7.4.1), as far as Waymark emits it.
 *
 * @param eventTime to the millisecond
 * @param offset the local offset where it happened
 * @param epcs URIs of single things
 * @param quantities classes and lots
 * @param action how it touches their life
 * @param bizStep CBV bare word or URI
 * @param disposition CBV bare word or URI
 * @param readPoint URI
 * @param bizLocation URI
 * @param transactions business transactions
 * @param sensors what was measured
 * @see "EPCIS 2.0 §7.4.1 ObjectEvent"
 */
public record ObjectEvent(
        Instant eventTime,
        ZoneOffset offset,
        List<String> epcs,
        List<QuantityElement> quantities,
        Action action,
        @Nullable String bizStep,
        @Nullable String disposition,
        @Nullable String readPoint,
        @Nullable String bizLocation,
        List<BizTransaction> transactions,
        List<SensorElement> sensors) {
    /** Refuses an event that the standard's schema would refuse: it must name things, or a place and what was measured. */
    public ObjectEvent {
        epcs = List.copyOf(epcs);
        quantities = List.copyOf(quantities);
        transactions = List.copyOf(transactions);
        sensors = List.copyOf(sensors);
        boolean namesThings = !epcs.isEmpty() || !quantities.isEmpty();
        if (!namesThings && (sensors.isEmpty() || readPoint == null)) {
            throw new IllegalArgumentException("an ObjectEvent names things, or measures at a read point");
        }
    }

    /** The event's identity: the hash of what it says. */
    public String eventId() {
        return EventHash.eventId(this);
    }
}
