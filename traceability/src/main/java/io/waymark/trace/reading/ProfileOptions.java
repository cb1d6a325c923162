package io.waymark.trace.reading;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What a message does not say about itself and must not be guessed.
 *
 * @param zone where times without a zone were written
 * @param charset of scanned text (base64 fields and bare text); JSON itself is UTF-8
 * @param base64Data whether a terminal's {@code data} field is base64 (true) or plain text (false)
 * @param groupSeparator what the scanner sends instead of GS (U+001D), such as {@code {GS}} or {@code ^]}; empty when it
 *     sends GS itself
 */
public record ProfileOptions(ZoneId zone, Charset charset, boolean base64Data, String groupSeparator) {
    /** UTC+8, UTF-8, base64, GS sent as it is. */
    public static ProfileOptions defaults() {
        return new ProfileOptions(ZoneOffset.ofHours(8), StandardCharsets.UTF_8, true, "");
    }

    /** The scanned text with the scanner's substitute turned back into GS. */
    String restoreSeparators(String text) {
        return groupSeparator.isEmpty() ? text : text.replace(groupSeparator, "\u001d");
    }
}
