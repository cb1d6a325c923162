package io.waymark.trace.reading;

import java.time.Instant;
import java.time.ZoneOffset;

/**
 * When a reading was made, and whose clock says so.
 *
 * @param time to the millisecond
 * @param offset offset from UTC where the device stands
 * @param clock whose clock
 */
public record When(Instant time, ZoneOffset offset, Clock clock) {
    /** Whose clock a time was read from. */
    public enum Clock {
        /** The device wrote a plausible time. */
        DEVICE,
        /** The device wrote none: the gateway's time of receipt stands for it. */
        RECEIPT,
        /** The device's clock is evidently wrong (before 2000 or more than a day ahead): time of receipt instead. */
        CORRECTED
    }

    private static final int OFFSET_SECONDS_MAX = 14 * 3600;

    /** Cuts to milliseconds, the precision of events; an offset EPCIS cannot write becomes UTC. */
    public When {
        time = Instant.ofEpochMilli(time.toEpochMilli());
        int seconds = offset.getTotalSeconds();
        if (seconds % 60 != 0 || Math.abs(seconds) > OFFSET_SECONDS_MAX) {
            offset = ZoneOffset.UTC;
        }
    }
}
