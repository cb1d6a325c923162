package io.waymark.identifier;

/**
 * The identity of a thing: a scheme and its value, never a carrier. Two scans of the same thing by RFID, DataMatrix or
 * link give equal identifiers.
 */
public sealed interface Identifier permits Handle, Gs1Key, OtherCode {
    /** The scheme the value belongs to. */
    Scheme scheme();

    /**
     * The one spelling used as key everywhere (Kafka, stores, aliases): {@code https://id.gs1.org/01/…/21/…} for GS1
     * keys (finest qualifier only), the ASCII-upper-cased {@code prefix/suffix} for handles, {@code scheme:value} for others.
     */
    String canonical();
}
