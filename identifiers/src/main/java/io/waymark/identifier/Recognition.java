package io.waymark.identifier;

import java.util.List;

/**
 * What the recogniser says of a raw scan.
 *
 * @param identifier the thing's identity
 * @param carrier how it was written
 * @param fields the decoded parts in reading order, for people: names, values and what they mean
 */
public record Recognition(Identifier identifier, Carrier carrier, List<Field> fields) {
    /** How a code was written. */
    public enum Carrier {
        /** {@code prefix/suffix}. */
        HANDLE_NAME,
        /** GS1 element string with FNC1/GS separators or an AIM symbology prefix. */
        ELEMENT_STRING,
        /** Human-readable element string, {@code (01)…(21)…}. */
        BRACKETED_ELEMENT_STRING,
        /** {@code https://…/01/…/21/…}. */
        DIGITAL_LINK,
        /** {@code urn:epc:id:…}, {@code urn:epc:tag:…}, {@code urn:epc:raw:…}. */
        EPC_URN,
        /** Tag memory as hexadecimal digits. */
        EPC_HEX,
        /** A bare EAN-8, UPC-A, EAN-13 or ITF-14 number. */
        BARE_NUMBER,
        /** Any other writing. */
        OTHER
    }

    /**
     * One decoded part.
     *
     * @param name the standard's title, for example {@code SERIAL} or {@code Partition}
     * @param value its value
     * @param note what it means or where it stood (bits 14–57, AI 21); may be empty
     */
    public record Field(String name, String value, String note) {}

    /** Copies the fields. */
    public Recognition {
        fields = List.copyOf(fields);
    }
}
