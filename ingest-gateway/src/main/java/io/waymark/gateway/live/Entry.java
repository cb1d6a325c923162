package io.waymark.gateway.live;

/** What came of an {@link Arrival}. */
public sealed interface Entry permits Admission, Entry.OverQuota {
    /**
     * Not admitted.
     *
     * @param reason for metrics
     * @param message names the bound
     */
    record OverQuota(String reason, String message) implements Entry {}
}
