package io.waymark.trace.event;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The event hash id: an event's content, written one way, as its name. Two systems that saw the same event name it the
 * same; capturing it twice changes nothing.
 *
 * <p>The order of fields is that of the reference implementation and its vectors (where the standard's table and they
 * differ, business transactions follow the sensor elements). URIs are taken as canonical already: Waymark writes no other.
 *
 * @see "CBV 2.0 §8.9 EPCIS Event Hash ID; RFC 6920"
 */
public final class EventHash {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final long HALF_MILLI = 500_000;

    private EventHash() {}

    /** {@code ni:///sha-256;<hex>?ver=CBV2.0}. */
    public static String eventId(ObjectEvent event) {
        byte[] digest = sha256().digest(preHash(event).getBytes(StandardCharsets.UTF_8));
        StringBuilder id = new StringBuilder(96).append("ni:///sha-256;");
        for (byte b : digest) {
            id.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return id.append("?ver=CBV2.0").toString();
    }

    /** The text that is hashed. */
    static String preHash(ObjectEvent event) {
        StringBuilder out = new StringBuilder(512).append("eventType=ObjectEvent");
        field(out, "eventTime", time(event.eventTime()));
        field(out, "eventTimeZoneOffset", offset(event.offset()));
        list(out, "epcList", event.epcs().stream().map(e -> "epc=" + spelled(e)));
        list(out, "quantityList", event.quantities().stream().map(EventHash::quantity));
        field(out, "action", event.action().name());
        field(out, "bizStep", web(Vocabulary.BIZ_STEP, event.bizStep()));
        field(out, "disposition", web(Vocabulary.DISPOSITION, event.disposition()));
        place(out, "readPoint", event.readPoint());
        place(out, "bizLocation", event.bizLocation());
        list(out, "sensorElementList", event.sensors().stream().map(EventHash::sensorElement));
        list(out, "bizTransactionList", event.transactions().stream().map(EventHash::transaction));
        return out.toString();
    }

    /** Members are rendered first, then sorted (all is ASCII: URIs, words, numbers): order in the event means nothing. */
    private static void list(StringBuilder out, String name, Stream<String> members) {
        List<String> sorted = new ArrayList<>(members.toList());
        if (sorted.isEmpty()) {
            return;
        }
        sorted.sort(Comparator.naturalOrder());
        out.append(name);
        sorted.forEach(out::append);
    }

    private static String quantity(QuantityElement q) {
        StringBuilder out = new StringBuilder("quantityElement");
        field(out, "epcClass", spelled(q.epcClass()));
        Double amount = q.quantity();
        field(out, "quantity", amount == null ? null : number(amount));
        field(out, "uom", q.uom());
        return out.toString();
    }

    private static String sensorElement(SensorElement element) {
        StringBuilder out = new StringBuilder("sensorElement");
        Instant time = element.time();
        if (time != null || element.deviceId() != null) {
            out.append("sensorMetadata");
            field(out, "time", time == null ? null : time(time));
            field(out, "deviceID", element.deviceId());
        }
        element.reports().stream().map(EventHash::report).sorted().forEach(out::append);
        return out.toString();
    }

    private static String report(SensorReport report) {
        StringBuilder out = new StringBuilder("sensorReport");
        field(out, "type", measurement(report.type()));
        field(out, "value", number(report.value()));
        field(out, "uom", report.uom());
        return out.toString();
    }

    private static String measurement(String type) {
        return type.indexOf(':') < 0 ? "https://gs1.org/voc/" + type : type;
    }

    private static String transaction(BizTransaction transaction) {
        StringBuilder out = new StringBuilder();
        field(out, "type", web(Vocabulary.TRANSACTION_TYPE, transaction.type()));
        field(out, "bizTransaction", transaction.id());
        return out.toString();
    }

    private static void place(StringBuilder out, String name, @Nullable String id) {
        if (id != null) {
            out.append(name);
            field(out, "id", spelled(id));
        }
    }

    /** The reference leaves an apostrophe in a Digital Link as it is, where the Digital Link standard encodes it. */
    private static String spelled(String uri) {
        return uri.startsWith("https://id.gs1.org/") ? uri.replace("%27", "'") : uri;
    }

    private static void field(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            out.append(name).append('=').append(value);
        }
    }

    private static @Nullable String web(Vocabulary vocabulary, @Nullable String value) {
        return value == null ? null : vocabulary.webUri(value);
    }

    /** No sign, no exponent, no trailing zeros: 26.0 and 26 are one. */
    static String number(double value) {
        BigDecimal stripped = BigDecimal.valueOf(value).stripTrailingZeros();
        return stripped.signum() == 0 ? "0" : stripped.toPlainString();
    }

    /** UTC, exactly three decimals, the rest rounded half up. */
    public static String time(Instant time) {
        return TIME.format(time.plusNanos(HALF_MILLI));
    }

    /** {@code +08:00}; UTC is {@code +00:00}, for {@code Z} is not allowed here. */
    public static String offset(ZoneOffset offset) {
        return offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
