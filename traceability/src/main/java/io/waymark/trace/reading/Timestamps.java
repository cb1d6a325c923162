package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The times devices write: ISO 8601 with {@code Z}, {@code +08:00}, {@code +0800} or no zone, a blank or a slash where
 * the standard has {@code T} and {@code -}, {@code yyyyMMddHHmmss}, and epoch seconds, milli-, micro- or nanoseconds told
 * apart by their number of digits.
 */
final class Timestamps {
    /** No device of ours is older. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /** How far ahead of the gateway a device's clock may be before it is called wrong. */
    static final Duration AHEAD_MAX = Duration.ofDays(1);

    private static final int LENGTH_MAX = 40;

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .appendPattern("HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            // 30 February is an error, not the 28th
            .withResolverStyle(ResolverStyle.STRICT);

    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private Timestamps() {}

    /**
     * The time of a reading.
     *
     * @param written the device's own time, if it wrote one
     * @throws UndecodableException {@link Reason#BAD_TIME}
     */
    static When when(@Nullable JsonNode written, ProfileOptions options, Instant receivedAt)
            throws UndecodableException {
        if (written == null || written.isNull() || written.isMissingNode()) {
            return new When(receivedAt, offsetAt(options.zone(), receivedAt), When.Clock.RECEIPT);
        }
        OffsetDateTime time = parse(written, options.zone());
        Instant instant = time.toInstant();
        if (instant.isBefore(EARLIEST) || instant.isAfter(receivedAt.plus(AHEAD_MAX))) {
            return new When(receivedAt, time.getOffset(), When.Clock.CORRECTED);
        }
        return new When(instant, time.getOffset(), When.Clock.DEVICE);
    }

    private static OffsetDateTime parse(JsonNode written, ZoneId zone) throws UndecodableException {
        if (written.isNumber() && !written.isIntegralNumber()) {
            return epoch((long) (written.doubleValue() * 1000), 1_000, zone);
        }
        return parse(written.asText().trim(), zone);
    }

    static OffsetDateTime parse(String text, ZoneId zone) throws UndecodableException {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            throw bad(text.isEmpty() ? "time is empty" : "time has more than " + LENGTH_MAX + " characters");
        }
        try {
            return allDigits(text) ? number(text, zone) : iso(text, zone);
        } catch (DateTimeException | NumberFormatException e) {
            throw bad("time \"" + text + "\" is neither ISO 8601 nor an epoch number");
        }
    }

    private static OffsetDateTime number(String digits, ZoneId zone) throws UndecodableException {
        if (digits.length() == 14) {
            return LocalDateTime.parse(digits, COMPACT).atZone(zone).toOffsetDateTime();
        }
        long value = Long.parseLong(digits);
        if (digits.length() <= 11) {
            return epoch(value, 1, zone);
        }
        if (digits.length() <= 13) {
            return epoch(value, 1_000, zone);
        }
        return digits.length() <= 16 ? epoch(value, 1_000_000, zone) : epoch(value, 1_000_000_000, zone);
    }

    private static OffsetDateTime epoch(long value, long perSecond, ZoneId zone) throws UndecodableException {
        try {
            Instant instant = Instant.ofEpochSecond(
                    Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
            return instant.atZone(zone).toOffsetDateTime();
        } catch (DateTimeException e) {
            throw bad("time " + value + " is out of range");
        }
    }

    private static OffsetDateTime iso(String text, ZoneId zone) {
        TemporalAccessor parsed = ISO.parse(text.length() >= 10 ? dashes(text) : text);
        LocalDateTime local = LocalDateTime.from(parsed);
        return parsed.isSupported(ChronoField.OFFSET_SECONDS)
                ? local.atOffset(ZoneOffset.from(parsed))
                : local.atZone(zone).toOffsetDateTime();
    }

    private static String dashes(String text) {
        return text.charAt(4) == '/' ? text.substring(0, 10).replace('/', '-') + text.substring(10) : text;
    }

    private static boolean allDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static ZoneOffset offsetAt(ZoneId zone, Instant at) {
        return zone.getRules().getOffset(at);
    }

    private static UndecodableException bad(String message) {
        return new UndecodableException(Reason.BAD_TIME, message);
    }
}
