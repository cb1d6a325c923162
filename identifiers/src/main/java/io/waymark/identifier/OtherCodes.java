package io.waymark.identifier;

import io.waymark.identifier.Recognition.Carrier;
import io.waymark.identifier.Recognition.Field;
import io.waymark.identifier.gs1.CharacterSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schemes that are neither handles nor GS1. Each reader returns null for text that is not its own, and throws for
 * text that is but breaks the scheme's rules.
 */
final class OtherCodes {
    private static final int MAX_OID_ARC_DIGITS = 39;
    private static final int VIN_LENGTH = 17;
    private static final int VIN_CHECK_AT = 8;
    private static final int[] VIN_WEIGHTS = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    private static final String VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";
    private static final String VIN_VALUES = "12345678123457923456789";
    private static final int DRUG_CODE_LENGTH = 20;
    private static final int MA_REGISTRANT_DIGITS = 6;
    private static final int MA_PRODUCT_LENGTH = 8;

    private OtherCodes() {}

    /** ISO object identifiers: {@code 1.2.156.3088}, three arcs at least unless {@code urn:oid:} says what it is. */
    static @Nullable Recognition oid(String text) throws MalformedIdentifierException {
        boolean urn = text.regionMatches(true, 0, "urn:oid:", 0, 8);
        String dotted = urn ? text.substring(8) : text;
        if (!urn && (dotted.isEmpty() || !isDottedNumber(dotted) || dotted.charAt(0) > '2')) {
            return null;
        }
        String[] arcs = dotted.split("\\.", -1);
        if (!urn && arcs.length < 3) {
            return null;
        }
        for (String arc : arcs) {
            refuseBadArc(arc, dotted);
        }
        boolean top = arcs.length >= 2 && arcs[0].length() == 1 && arcs[0].charAt(0) <= '2';
        if (!top || (arcs[0].charAt(0) < '2' && (arcs[1].length() > 2 || Integer.parseInt(arcs[1]) > 39))) {
            throw new MalformedIdentifierException(
                    "OID must begin with 0.0–0.39, 1.0–1.39 or 2.n but was \"" + dotted + "\"", 0);
        }
        String country = dotted.startsWith("1.2.156.") || dotted.startsWith("2.16.156.") ? "China" : "";
        return other(Scheme.OID, dotted, List.of(new Field("OID", dotted, country)));
    }

    private static boolean isDottedNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return text.charAt(0) != '.';
    }

    private static void refuseBadArc(String arc, String oid) throws MalformedIdentifierException {
        boolean number = !arc.isEmpty() && CharacterSet.N.firstForeign(arc) < 0;
        if (!number || (arc.length() > 1 && arc.charAt(0) == '0') || arc.length() > MAX_OID_ARC_DIGITS) {
            throw new MalformedIdentifierException(
                    "OID arc must be a number without leading zeros but was \"" + arc + "\" in \"" + oid + "\"", -1);
        }
    }

    /** Vehicle identification numbers: 17 letters and digits without I, O and Q, the ninth a check digit. */
    static @Nullable Recognition vin(String text) throws MalformedIdentifierException {
        String vin = Handle.foldAscii(text);
        if (vin.length() != VIN_LENGTH) {
            return null;
        }
        int sum = 0;
        for (int i = 0; i < VIN_LENGTH; i++) {
            int value = vinValue(vin.charAt(i));
            if (value < 0) {
                return null;
            }
            sum += value * VIN_WEIGHTS[i];
        }
        char check = "0123456789X".charAt(sum % 11);
        if (vin.charAt(VIN_CHECK_AT) != check) {
            throw new MalformedIdentifierException(
                    "VIN \"" + vin + "\" must have check digit " + check + " in ninth place but has "
                            + vin.charAt(VIN_CHECK_AT),
                    VIN_CHECK_AT);
        }
        return other(
                Scheme.VIN,
                vin,
                List.of(
                        new Field("World manufacturer", vin.substring(0, 3), "places 1–3"),
                        new Field("Vehicle descriptor", vin.substring(3, 8), "places 4–8"),
                        new Field("Check digit", String.valueOf(check), "place 9"),
                        new Field("Model year", vin.substring(9, 10), "place 10"),
                        new Field("Plant", vin.substring(10, 11), "place 11"),
                        new Field("Serial", vin.substring(11), "places 12–17")));
    }

    private static int vinValue(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = VIN_LETTERS.indexOf(c);
        return letter < 0 ? -1 : VIN_VALUES.charAt(letter) - '0';
    }

    /** Codes of issuing agency MA: {@code MA.156.M0.123456.12345678.S…}. */
    static @Nullable Recognition ma(String text) throws MalformedIdentifierException {
        if (!text.regionMatches(true, 0, "MA.", 0, 3)) {
            return null;
        }
        String[] parts = text.substring(3).split("\\.", -1);
        boolean country = parts[0].length() == 3 && CharacterSet.N.firstForeign(parts[0]) < 0;
        if (!country || parts.length < 3) {
            throw new MalformedIdentifierException(
                    "MA code must be MA.country.industry.registrant… with a country of 3 digits but was \"" + text
                            + "\"",
                    3);
        }
        for (String part : parts) {
            if (part.isEmpty() || !isVisibleAscii(part)) {
                throw new MalformedIdentifierException("MA code \"" + text + "\" has an empty or unprintable part", -1);
            }
        }
        return other(Scheme.MA, "MA" + text.substring(2), maFields(parts));
    }

    private static boolean isVisibleAscii(String part) {
        return part.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static List<Field> maFields(String[] parts) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("Country", parts[0], "ISO 3166"));
        fields.add(new Field("Industry", parts[1], parts[1].equals("M0") ? "medical devices" : ""));
        fields.add(new Field("Registrant", parts[2], parts[2].length() == MA_REGISTRANT_DIGITS ? "" : "not 6 digits"));
        for (int i = 3; i < parts.length; i++) {
            boolean product = i == 3 && parts[i].length() == MA_PRODUCT_LENGTH;
            fields.add(product ? new Field("Product", parts[i], "pack, item, check") : maProduction(parts[i]));
        }
        return fields;
    }

    private static Field maProduction(String part) {
        String name = switch (part.charAt(0)) {
            case 'L' -> "Lot";
            case 'S' -> "Serial";
            case 'M' -> "Made";
            case 'D' -> "Sterilised";
            case 'V' -> "Valid until";
            case 'E' -> "Expires";
            default -> "Part";
        };
        return new Field(name, name.equals("Part") ? part : part.substring(1), "");
    }

    /** Chinese drug traceability codes: 20 digits. */
    static @Nullable Recognition drugCode(String text) {
        if (text.length() != DRUG_CODE_LENGTH || CharacterSet.N.firstForeign(text) >= 0) {
            return null;
        }
        return other(
                Scheme.DRUG_CODE,
                text,
                List.of(
                        new Field("Drug identification", text.substring(0, 7), "digits 1–7"),
                        new Field("Serial and check", text.substring(7), "digits 8–20")));
    }

    /** Web addresses that are no Digital Links; scheme and host are case-insensitive. */
    static Recognition url(String text) throws MalformedIdentifierException {
        int host = text.indexOf("://") + 3;
        int end = host;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == host) {
            throw new MalformedIdentifierException("web address \"" + text + "\" has no host", host);
        }
        String origin = lowerAscii(text.substring(0, end));
        String rest = text.substring(end);
        return other(
                Scheme.URL,
                origin + rest,
                List.of(new Field("Host", origin.substring(host), ""), new Field("Path", rest, "")));
    }

    private static String lowerAscii(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'A' && chars[i] <= 'Z') {
                chars[i] = (char) (chars[i] + 32);
            }
        }
        return new String(chars);
    }

    private static Recognition other(Scheme scheme, String value, List<Field> fields) {
        return new Recognition(new OtherCode(scheme, value), Carrier.OTHER, fields);
    }
}
