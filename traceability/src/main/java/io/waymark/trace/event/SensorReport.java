package io.waymark.trace.event;

import org.jspecify.annotations.Nullable;

/**
 * One measured value (EPCIS 2.0 §7.3.7.3).
 *
 * @param type CBV measurement type (bare word) or a URI
 * @param value finite
 * @param uom UN/ECE Recommendation 20 code
 */
public record SensorReport(
        String type, double value, @Nullable String uom) {}
