package io.waymark.identifier.epc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code +} and {@code ++} layouts of TDS 2, which hold the values of AIs as they are: no company prefix to split
 * off, check digits kept. One row each; the {@code ++} twin has a host name behind the values.
 *
 * <pre>
 * header 8 | more data follow 1 | filter 3 | [date 20] | values | [host name] | [more data] | zeros
 * </pre>
 *
 * Only the values are read; host name and additional data do not belong to the identity.
 *
 * @see "EPC Tag Data Standard 2.3 §14.5, §14.6, Table F"
 */
public enum PlusLayout {
    /** Trade item instance. */
    SGTIN(0xF7, 0xFD, 0, "01 n14", "21 a5"),
    /** Trade item instance with a date. */
    DSGTIN(0xFB, 0xFC, 20, "01 n14", "21 a5"),
    /** Logistic unit. */
    SSCC(0xF9, 0xEF, 0, "00 n18"),
    /** Location. */
    SGLN(0xF2, 0xE9, 0, "414 n13", "254 a5"),
    /** Returnable asset. */
    GRAI(0xF1, 0xEB, 0, "8003 n14 a5"),
    /** Individual asset. */
    GIAI(0xFA, 0xEE, 0, "8004 d5"),
    /** Service recipient. */
    GSRN(0xF4, 0xE7, 0, "8018 n18"),
    /** Service provider. */
    GSRNP(0xF5, 0xE8, 0, "8017 n18"),
    /** Document. */
    GDTI(0xF6, 0xEA, 0, "253 n13 a5"),
    /** Coupon. */
    SGCN(0xF8, 0xEC, 0, "255 n13 v4"),
    /** Component or part. */
    CPI(0xF0, 0xE6, 0, "8010 d5", "8011 v4"),
    /** Piece of a trade item. */
    ITIP(0xF3, 0xED, 0, "8006 n18", "21 a5");

    private static final int MORE_DATA_BITS = 1;
    private static final int FILTER_BITS = 3;
    private static final int ENCODING_BITS = 3;
    private static final int END_OF_DIGITS = 0xF;
    private static final int TEXT_FOLLOWS = 0xE;
    private static final String HEX_UPPER = "0123456789ABCDEF";
    private static final String HEX_LOWER = "0123456789abcdef";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String URN_CODE_40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";

    private final int header;
    private final int hostHeader;
    private final int dateBits;
    /** An AI and how its value is written: n digits, a text, d digits and perhaps text, v number with its length. */
    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
    private final List<String> fields;

    PlusLayout(int header, int hostHeader, int dateBits, String... fields) {
        this.header = header;
        this.hostHeader = hostHeader;
        this.dateBits = dateBits;
        this.fields = List.of(fields);
    }

    /**
     * What a tag says.
     *
     * @param layout its row
     * @param filter 0–7
     * @param values AI and value, in order; not checked against the AIs' formats
     */
    public record Contents(PlusLayout layout, int filter, List<Value> values) {
        /** Copies the list. */
        public Contents {
            values = List.copyOf(values);
        }
    }

    /**
     * One value.
     *
     * @param ai its AI
     * @param value the value
     * @param firstBit where it begins
     * @param lastBit where it ends
     */
    public record Value(String ai, String value, int firstBit, int lastBit) {}

    /** Finds a layout by the first octet, or null. */
    public static @Nullable PlusLayout byHeader(int header) {
        return Arrays.stream(values())
                .filter(l -> l.header == (header & 0xff) || l.hostHeader == (header & 0xff))
                .findFirst()
                .orElse(null);
    }

    /** Reads the bits behind the header, or returns null if they break the layout. */
    public @Nullable Contents read(byte[] bits) {
        BitReader in = new BitReader(bits);
        boolean host = in.number(8) == hostHeader;
        boolean moreData = in.number(MORE_DATA_BITS) == 1;
        int filter = (int) in.number(FILTER_BITS);
        in.number(dateBits);
        List<Value> values = new ArrayList<>();
        for (String field : fields) {
            Value value = readField(field.split(" "), in);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        boolean ends = host || moreData || in.zeros(Math.max(0, in.remaining()));
        return in.overrun() || !ends ? null : new Contents(this, filter, values);
    }

    private static @Nullable Value readField(String[] field, BitReader in) {
        int first = in.position();
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < field.length; i++) {
            int size = Integer.parseInt(field[i].substring(1));
            String part = switch (field[i].charAt(0)) {
                case 'n' -> digits(in, size);
                case 'a' -> text(in, size);
                case 'd' -> digitsAndText(in, size);
                default -> number(in, (int) in.number(size));
            };
            if (part == null || in.overrun()) {
                return null;
            }
            value.append(part);
        }
        return new Value(field[0], value.toString(), first, in.position() - 1);
    }

    private static @Nullable String digits(BitReader in, int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int digit = (int) in.number(4);
            if (digit > 9) {
                return null;
            }
            digits.append(digit);
        }
        return digits.toString();
    }

    /** Digits up to a nibble F, or up to a nibble E behind which text follows. */
    private static @Nullable String digitsAndText(BitReader in, int lengthBits) {
        StringBuilder digits = new StringBuilder();
        while (in.remaining() >= 4) {
            int nibble = (int) in.number(4);
            if (nibble == END_OF_DIGITS) {
                return digits.toString();
            }
            if (nibble == TEXT_FOLLOWS) {
                String text = text(in, lengthBits);
                return text == null ? null : digits + text;
            }
            if (nibble > 9) {
                return null;
            }
            digits.append(nibble);
        }
        return null;
    }

    /** How characters are packed, their number, and the characters. */
    private static @Nullable String text(BitReader in, int lengthBits) {
        int encoding = (int) in.number(ENCODING_BITS);
        int length = (int) in.number(lengthBits);
        return switch (encoding) {
            case 0 -> number(in, length);
            case 1 -> characters(in, length, 4, HEX_UPPER);
            case 2 -> characters(in, length, 4, HEX_LOWER);
            case 3 -> characters(in, length, 6, BASE64);
            case 4 -> ascii(in, length);
            case 5 -> urnCode40(in, length);
            default -> null;
        };
    }

    /** As many bits as the largest number of so many digits needs. */
    private static @Nullable String number(BitReader in, int digits) {
        BigInteger bound = BigInteger.TEN.pow(digits);
        int bits = bound.subtract(BigInteger.ONE).bitLength();
        BigInteger number = BigInteger.ZERO;
        for (int left = bits; left > 0; left -= 32) {
            int take = Math.min(left, 32);
            number = number.shiftLeft(take).or(BigInteger.valueOf(in.number(take)));
        }
        if (number.compareTo(bound) >= 0) {
            return null;
        }
        String text = digits == 0 ? "" : number.toString();
        return "0".repeat(digits - text.length()) + text;
    }

    private static String characters(BitReader in, int length, int bits, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt((int) in.number(bits)));
        }
        return text.toString();
    }

    private static String ascii(BitReader in, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) in.number(7));
        }
        return text.toString();
    }

    /** Three characters in 16 bits: 1600·a + 40·b + c + 1. */
    private static @Nullable String urnCode40(BitReader in, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int three = (int) in.number(16) - 1;
            if (three < 0 || three >= 40 * 40 * 40) {
                return null;
            }
            text.append(URN_CODE_40.charAt(three / 1600))
                    .append(URN_CODE_40.charAt(three / 40 % 40))
                    .append(URN_CODE_40.charAt(three % 40));
        }
        return text.substring(0, length);
    }
}
