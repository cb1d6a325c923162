package io.waymark.trace.event;

import org.jspecify.annotations.Nullable;

/**
 * How much of a class or lot an event concerns (EPCIS 2.0 §7.3.3.3).
 *
 * @param epcClass URI of the class
 * @param quantity null when not known
 * @param uom UN/ECE Recommendation 20 code; null means pieces
 */
public record QuantityElement(
        String epcClass,
        @Nullable Double quantity,
        @Nullable String uom) {}
