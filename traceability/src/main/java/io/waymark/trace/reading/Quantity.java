package io.waymark.trace.reading;

import org.jspecify.annotations.Nullable;

/**
 * How much of a class or lot.
 *
 * @param amount finite, not negative
 * @param uom UN/ECE Recommendation 20 code; null means pieces
 */
public record Quantity(double amount, @Nullable String uom) {
    /** Refuses impossible amounts. */
    public Quantity {
        if (!Double.isFinite(amount) || amount < 0) {
            throw new IllegalArgumentException("quantity must be finite and not negative but was " + amount);
        }
    }
}
