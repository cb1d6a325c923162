package io.waymark.trace.reading;

import java.util.Locale;

/** Why input was refused; the lower-case name is the {@code wm_reason} header and the metric tag. */
public enum Reason {
    /** No payload at all. */
    EMPTY_PAYLOAD,
    /** More octets, elements or levels than a message may have. */
    TOO_LARGE,
    /** Starts like JSON but is not. */
    MALFORMED_JSON,
    /** Octets that are not text in the profile's character set. */
    BAD_CHARSET,
    /** JSON of a shape no profile knows. */
    UNKNOWN_SHAPE,
    /** A tag read or scan without its code. */
    MISSING_CODE,
    /** A time no rule can read. */
    BAD_TIME,
    /** A field promised as base64 or hexadecimal that is not. */
    BAD_ENCODING,
    /** A number, unit or amount out of bounds. */
    BAD_VALUE,
    /** A business step that is neither a CBV word nor a URI. */
    BAD_BIZ_STEP,
    /** A code of no scheme we know, or one that breaks its scheme's rules. */
    UNRECOGNISED_CODE,
    /** A record on one of our own topics that is not ours. */
    FOREIGN_RECORD,
    /** Our own fault; logged with its stack. */
    INTERNAL_ERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The machine word. */
    public String word() {
        return word;
    }
}
