package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any JSON object that names a thing, a value or both, under the names people give them:
 *
 * <ul>
 *   <li>the thing: {@code code}, {@code epc}, {@code gtin} (with {@code lot} and {@code serial}), {@code sscc}, {@code gln},
 *       {@code handle}, {@code id}, {@code lot};
 *   <li>the time: {@code time}, {@code timestamp}, {@code ts}, …; missing means time of receipt;
 *   <li>the values: see {@link MeasuredValues};
 *   <li>{@code bizStep}: a CBV word or URI.
 * </ul>
 */
final class GenericProfile {
    private static final String[] TIME = {"time", "timestamp", "ts", "datetime", "eventtime", "devicetime"};
    private static final String[] TAG = {"epc", "epchex", "tag"};
    private static final String[] CODE = {"code", "barcode", "handle", "identifier", "uri", "digitallink"};

    /** Names that as often stand for the sensor or a document as for the thing. */
    private static final String[] LOOSE = {"lot", "batch", "item", "id", "uid"};

    private GenericProfile() {}

    /** The thing a message names: how surely, and whether by radio. */
    private record Named(@Nullable String code, boolean required, boolean tag) {}

    static Reading decode(JsonNode object, Message message, ProfileOptions options) throws UndecodableException {
        Fields fields = new Fields(object);
        When when = Timestamps.when(fields.first(TIME), options, message.receivedAt());
        String bizStep = fields.text("bizstep");
        Named named = named(fields);
        List<SensorValue> values = MeasuredValues.of(object, fields);
        if (!values.isEmpty()) {
            return new Reading.Measurement(named.code(), named.required(), when, values, bizStep);
        }
        String code = named.code();
        if (code == null) {
            throw new UndecodableException(
                    Reason.UNKNOWN_SHAPE,
                    "object names neither a thing (code, epc, gtin, sscc, handle, lot, id) nor a measured value");
        }
        return named.tag()
                ? tagRead(code, when, fields, bizStep)
                : new Reading.Scan(
                        options.restoreSeparators(code), when, null, null, Numbers.quantity(fields), bizStep);
    }

    private static Reading tagRead(String code, When when, Fields fields, @Nullable String bizStep)
            throws UndecodableException {
        JsonNode antenna = fields.first("antenna", "antennaport", "ant");
        JsonNode rssi = fields.first("rssi", "peakrssi");
        return new Reading.TagRead(
                code,
                when,
                antenna != null && antenna.canConvertToInt() ? antenna.intValue() : null,
                rssi == null ? null : Numbers.finite(rssi, "rssi"),
                bizStep);
    }

    private static Named named(Fields fields) {
        String tag = fields.text(TAG);
        if (tag != null) {
            return new Named(tag, true, true);
        }
        String code = fields.text(CODE);
        if (code != null) {
            return new Named(code, true, false);
        }
        String keyed = keyed(fields);
        return keyed != null ? new Named(keyed, true, false) : new Named(fields.text(LOOSE), false, false);
    }

    /** Fields named after GS1 keys, put together as the element string they are. */
    private static @Nullable String keyed(Fields fields) {
        String sscc = fields.text("sscc");
        if (sscc != null) {
            return "(00)" + sscc;
        }
        String gtin = fields.text("gtin");
        if (gtin != null) {
            return "(01)" + "0".repeat(Math.max(0, 14 - gtin.length())) + gtin
                    + element("(10)", fields.text("lot", "batch"))
                    + element("(21)", fields.text("serial", "serialnumber"));
        }
        String gln = fields.text("gln");
        return gln == null ? null : "(414)" + gln;
    }

    private static String element(String ai, @Nullable String value) {
        return value == null ? "" : ai + value;
    }
}
