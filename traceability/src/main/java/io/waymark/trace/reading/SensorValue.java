package io.waymark.trace.reading;

import org.jspecify.annotations.Nullable;

/**
 * One measured value.
 *
 * @param type CBV 2.0 measurement type (bare word such as {@code Temperature}) or a URI of one's own
 * @param value finite
 * @param uom unit, UN/ECE Recommendation 20 code such as {@code CEL}; null when the device did not say
 */
public record SensorValue(
        String type, double value, @Nullable String uom) {
    /** Refuses values that cannot be written down. */
    public SensorValue {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(type + " must be finite but was " + value);
        }
    }
}
