package io.waymark.trace.capture;

import io.waymark.trace.event.Subject;
import io.waymark.trace.reading.Profile;
import io.waymark.trace.reading.Reading;
import org.jspecify.annotations.Nullable;

/**
 * A reading whose thing is known: one record of the observations topic.
 *
 * @param subject the thing; null when a place was measured, not a thing
 * @param profile what read the message
 * @param reading what was read
 * @param provenance where it came from
 */
public record Observation(@Nullable Subject subject, Profile profile, Reading reading, Provenance provenance) {
    /** Refuses a tag read or scan of nothing. */
    public Observation {
        if (subject == null && reading.kind() != Reading.Kind.MEASUREMENT) {
            throw new IllegalArgumentException(reading.kind() + " needs a subject");
        }
    }

    /** The key of the observations topic: the thing's canonical identity, or the device when a place was measured. */
    public String key() {
        return subject == null ? "device:" + provenance.device() : subject.canonical();
    }
}
