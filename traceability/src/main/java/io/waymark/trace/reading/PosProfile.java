package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Smart POS and scanner terminals. No standard binds them; what they share is one flat object: {@code cmd} names the
 * message, {@code sn} the device, the code stands in {@code data} (base64, see {@link ProfileOptions#base64Data}) or in
 * clear in {@code barcode}, {@code code}, {@code qrcode}; amounts are decimal strings; times have no zone.
 */
final class PosProfile {
    private static final Pattern AMOUNT = Pattern.compile("[+-]?\\d{1,15}(\\.\\d{1,6})?");
    private static final int TRANSACTION_MAX = 128;

    private PosProfile() {}

    static boolean recognises(JsonNode object) {
        return object.has("cmd")
                || object.has("barcode")
                || (object.has("sn") && object.path("data").isTextual());
    }

    static Reading decode(JsonNode object, Message message, ProfileOptions options) throws UndecodableException {
        Fields fields = new Fields(object);
        JsonNode time = fields.first("time", "timestamp", "ts", "scantime", "devicetime", "datetime");
        return new Reading.Scan(
                options.restoreSeparators(code(fields, options)),
                Timestamps.when(time, options, message.receivedAt()),
                amount(fields.text("amount", "price", "total", "paid")),
                transaction(fields.text("msgid", "orderno", "orderid", "tradeno", "transaction", "transactionid")),
                Numbers.quantity(fields),
                fields.text("bizstep"));
    }

    private static String code(Fields fields, ProfileOptions options) throws UndecodableException {
        String clear = fields.text("barcode", "code", "qrcode", "qr");
        if (clear != null) {
            return clear;
        }
        String data = fields.text("data");
        if (data == null) {
            throw new UndecodableException(
                    Reason.MISSING_CODE, "terminal message has none of data, barcode, code, qrcode");
        }
        return options.base64Data() ? Fields.stripBlanks(decoded(data, options)) : data;
    }

    private static String decoded(String data, ProfileOptions options) throws UndecodableException {
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(data.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new UndecodableException(
                    Reason.BAD_ENCODING,
                    "data \"" + data + "\" is not base64; if the terminal sends clear text, set base64Data to false");
        }
        return ReadingDecoder.text(octets, options.charset());
    }

    private static @Nullable BigDecimal amount(@Nullable String text) throws UndecodableException {
        if (text == null) {
            return null;
        }
        if (!AMOUNT.matcher(text).matches()) {
            throw new UndecodableException(Reason.BAD_VALUE, "amount \"" + text + "\" is not a decimal number");
        }
        return new BigDecimal(text);
    }

    private static @Nullable String transaction(@Nullable String text) throws UndecodableException {
        if (text != null && text.length() > TRANSACTION_MAX) {
            throw new UndecodableException(
                    Reason.BAD_VALUE,
                    "transaction number must have at most " + TRANSACTION_MAX + " characters but had " + text.length());
        }
        return text;
    }
}
