package io.waymark.identifier.epc;

import io.waymark.identifier.gs1.CharacterSet;
import io.waymark.identifier.gs1.CheckDigit;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an EPC identifies, and how its parts — company prefix, reference, serial — make the value of a GS1 key. One row
 * per pure identity URI scheme.
 *
 * <p>An EPC leaves the check digit out and puts the first digit of a GTIN or SSCC in front of the reference.
 *
 * @see "EPC Tag Data Standard 2.3 §6.3, §7"
 */
public enum EpcKey {
    /** Trade item instance. */
    SGTIN("sgtin", "01", 13, Shape.MOVED_FIRST, SerialPlace.QUALIFIER, "21"),
    /** Logistic unit. */
    SSCC("sscc", "00", 17, Shape.MOVED_FIRST, SerialPlace.NONE, ""),
    /** Location, with or without extension. */
    SGLN("sgln", "414", 12, Shape.PLAIN, SerialPlace.QUALIFIER, "254"),
    /** Returnable asset. */
    GRAI("grai", "8003", 12, Shape.ZERO_FIRST, SerialPlace.APPENDED, ""),
    /** Individual asset. */
    GIAI("giai", "8004", 0, Shape.TEXT, SerialPlace.NONE, ""),
    /** Service recipient. */
    GSRN("gsrn", "8018", 17, Shape.PLAIN, SerialPlace.NONE, ""),
    /** Service provider. */
    GSRNP("gsrnp", "8017", 17, Shape.PLAIN, SerialPlace.NONE, ""),
    /** Document. */
    GDTI("gdti", "253", 12, Shape.PLAIN, SerialPlace.APPENDED, ""),
    /** Coupon. */
    SGCN("sgcn", "255", 12, Shape.PLAIN, SerialPlace.APPENDED, ""),
    /** Component or part. */
    CPI("cpi", "8010", 0, Shape.TEXT, SerialPlace.QUALIFIER, "8011"),
    /** Piece of a trade item; piece and total stand behind its GTIN. */
    ITIP("itip", "8006", 13, Shape.MOVED_FIRST, SerialPlace.QUALIFIER, "21"),
    /** Unit pack of tobacco. */
    UPUI("upui", "01", 13, Shape.MOVED_FIRST, SerialPlace.QUALIFIER, "235"),
    /** Consignment. */
    GINC("ginc", "401", 0, Shape.TEXT, SerialPlace.NONE, ""),
    /** Shipment. */
    GSIN("gsin", "402", 16, Shape.PLAIN, SerialPlace.NONE, ""),
    /** Party. */
    PGLN("pgln", "417", 12, Shape.PLAIN, SerialPlace.NONE, "");

    /** Fewest digits of a company prefix in an EPC. */
    public static final int MIN_COMPANY_DIGITS = 6;
    /** Most digits of a company prefix. */
    public static final int MAX_COMPANY_DIGITS = 12;

    private static final EpcKey[] ALL = values();
    private static final long[] POWERS = powersOfTen();

    private final String urn;
    private final String ai;
    private final int digits;
    private final Shape shape;
    private final SerialPlace serialPlace;
    private final String serialAi;

    EpcKey(String urn, String ai, int digits, Shape shape, SerialPlace serialPlace, String serialAi) {
        this.urn = urn;
        this.ai = ai;
        this.digits = digits;
        this.shape = shape;
        this.serialPlace = serialPlace;
        this.serialAi = serialAi;
    }

    /** Where a key keeps its serial. */
    public enum SerialPlace {
        /** It has none. */
        NONE,
        /** Behind the check digit, in the same value. */
        APPENDED,
        /** In a qualifier with an AI of its own. */
        QUALIFIER
    }

    private enum Shape {
        /** Company prefix, reference, check digit. */
        PLAIN,
        /** As plain, but the first digit of the reference leads. */
        MOVED_FIRST,
        /** As plain, behind a zero. */
        ZERO_FIRST,
        /** Company prefix and text. */
        TEXT
    }

    /**
     * A key's value taken apart.
     *
     * @param company company prefix
     * @param reference as in an EPC: without check digit, a moved first digit in front
     * @param rest what stands behind the check digit: an appended serial, or piece and total; may be empty
     */
    public record Parts(String company, String reference, String rest) {}

    /** Finds a key by the name of its URI scheme, or null. */
    public static @Nullable EpcKey byUrn(String name) {
        for (EpcKey key : ALL) {
            if (key.urn.equals(name)) {
                return key;
            }
        }
        return null;
    }

    /** Parts of its pure identity URI: company prefix, reference, and perhaps piece, total, serial. */
    public int uriParts() {
        return this == ITIP ? 5 : serialPlace == SerialPlace.NONE ? 2 : 3;
    }

    /** Name of the URI scheme, {@code sgtin}. */
    public String urn() {
        return urn;
    }

    /** AI of the GS1 key, {@code 01}. */
    public String ai() {
        return ai;
    }

    /** Where its serial stands. */
    public SerialPlace serialPlace() {
        return serialPlace;
    }

    /** AI of the serial if it is a qualifier, else empty. */
    public String serialAi() {
        return serialAi;
    }

    /** Whether the reference is text of free length rather than a number. */
    public boolean hasTextReference() {
        return shape == Shape.TEXT;
    }

    /** Digits of a numeric reference behind a company prefix of that many digits. */
    public int referenceDigits(int companyDigits) {
        return digits - companyDigits;
    }

    /** Ten to the power of {@code exponent}, 0…18. */
    public static long powerOfTen(int exponent) {
        return POWERS[exponent];
    }

    /**
     * The key's value with its check digit, without an appended serial.
     *
     * @param company below ten to {@code companyDigits}
     * @param reference below ten to {@link #referenceDigits}
     */
    public String compose(long company, int companyDigits, long reference) {
        int referenceDigits = digits - companyDigits;
        boolean shifted = shape != Shape.PLAIN;
        byte[] value = new byte[digits + (shape == Shape.ZERO_FIRST ? 2 : 1)];
        long rest = reference;
        if (shifted) {
            long weight = shape == Shape.MOVED_FIRST ? POWERS[--referenceDigits] : Long.MAX_VALUE;
            value[0] = (byte) ('0' + rest / weight);
            rest %= weight;
        }
        int at = shifted ? 1 : 0;
        putDigits(value, at, companyDigits, company);
        putDigits(value, at + companyDigits, referenceDigits, rest);
        value[value.length - 1] = CheckDigit.of(value, 0, value.length - 1);
        return new String(value, StandardCharsets.ISO_8859_1);
    }

    /**
     * Takes a value apart.
     *
     * @return null if the value is too short for such a company prefix, or has no digits in its place
     */
    public @Nullable Parts split(String value, int companyDigits) {
        if (shape == Shape.TEXT) {
            boolean splits = value.length() > companyDigits && CharacterSet.N.firstForeign(value, 0, companyDigits) < 0;
            return splits ? new Parts(value.substring(0, companyDigits), value.substring(companyDigits), "") : null;
        }
        int from = shape == Shape.PLAIN ? 0 : 1;
        int check = digits + (shape == Shape.ZERO_FIRST ? 1 : 0);
        if (value.length() <= check || CharacterSet.N.firstForeign(value, 0, check + 1) >= 0) {
            return null;
        }
        String reference = value.substring(from + companyDigits, check);
        return new Parts(
                value.substring(from, from + companyDigits),
                shape == Shape.MOVED_FIRST ? value.charAt(0) + reference : reference,
                value.substring(check + 1));
    }

    private static void putDigits(byte[] out, int at, int count, long number) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static long[] powersOfTen() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
