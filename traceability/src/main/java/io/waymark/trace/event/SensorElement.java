package io.waymark.trace.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device measured at one time (EPCIS 2.0 §7.3.7.1).
 *
 * @param time when measured; null when it is the event's time
 * @param deviceId URI of the device
 * @param reports at least one
 */
public record SensorElement(
        @Nullable Instant time, @Nullable String deviceId, List<SensorReport> reports) {
    /** Copies the reports. */
    public SensorElement {
        reports = List.copyOf(reports);
        if (reports.isEmpty()) {
            throw new IllegalArgumentException("a sensor element needs at least one report");
        }
    }
}
