package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as devices write them: JSON numbers, or decimal text. */
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,18})?([eE][+-]?\\d{1,3})?");

    private Numbers() {}

    static boolean isNumber(JsonNode node) {
        return node.isNumber()
                || (node.isTextual() && DECIMAL.matcher(node.textValue().trim()).matches());
    }

    /**
     * A finite number.
     *
     * @throws UndecodableException {@link Reason#BAD_VALUE}
     */
    static double finite(JsonNode node, String name) throws UndecodableException {
        if (!isNumber(node)) {
            throw new UndecodableException(Reason.BAD_VALUE, name + " \"" + shortText(node) + "\" is not a number");
        }
        double value = node.isNumber()
                ? node.doubleValue()
                : Double.parseDouble(node.textValue().trim());
        if (!Double.isFinite(value)) {
            throw new UndecodableException(Reason.BAD_VALUE, name + " " + shortText(node) + " is out of range");
        }
        return value;
    }

    /** The quantity of a flat object, if it names one. */
    static @Nullable Quantity quantity(Fields fields) throws UndecodableException {
        JsonNode amount = fields.first("quantity", "qty");
        if (amount == null) {
            return null;
        }
        double value = finite(amount, "quantity");
        if (value < 0) {
            throw new UndecodableException(Reason.BAD_VALUE, "quantity must not be negative but was " + value);
        }
        String unit = fields.text("uom", "unit", "quantityunit", "quantityuom");
        return new Quantity(value, unit == null ? null : Quantities.unit(unit));
    }

    private static String shortText(JsonNode node) {
        String text = node.toString();
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
