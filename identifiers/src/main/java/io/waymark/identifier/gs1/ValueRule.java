package io.waymark.identifier.gs1;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;

/**
 * What a part of a value must obey beyond its length and characters.
 *
 * <p>Each rule is a function of the part alone, so dates are checked without a clock: two-digit years 51–99 are read as
 * 1951–1999, others as 2000–2050, which decides nothing but leap days.
 *
 * @see "GS1 Barcode Syntax Dictionary, syntax tests"
 */
public enum ValueRule {
    /** Last digit is a check digit. */
    CHECK("must end in its check digit", CheckDigit::isValid),
    /** Last two characters are a check pair. */
    CHECK_PAIR("must end in its check pair", CheckDigit::isPairValid),
    /** Begins with a company prefix. */
    COMPANY0("must begin with four digits of a company prefix", t -> digitsAt(t, 0, 4)),
    /** A company prefix follows the first digit. */
    COMPANY1("must have four digits of a company prefix behind its first", t -> digitsAt(t, 1, 4)),
    /** YYMMDD. */
    DATE("must be a date YYMMDD", t -> t.length() == 6 && isDate(shortYear(t), t, 2, false)),
    /** YYMMDD or YYMM00, the whole month. */
    DATE_OR_MONTH("must be a date YYMMDD or YYMM00", t -> t.length() == 6 && isDate(shortYear(t), t, 2, true)),
    /** YYYYMMDD. */
    LONG_DATE("must be a date YYYYMMDD", t -> t.length() == 8 && isDate(number(t, 0, 4), t, 4, false)),
    /** YYYYMMDD or YYYYMM00, the whole month. */
    LONG_DATE_OR_MONTH(
            "must be a date YYYYMMDD or YYYYMM00", t -> t.length() == 8 && isDate(number(t, 0, 4), t, 4, true)),
    /** HHMM. */
    TIME("must be a time HHMM", t -> t.length() == 4 && upTo(t, 0, 23) && upTo(t, 2, 59)),
    /** HH. */
    HOUR("must be an hour 00–23", t -> t.length() == 2 && upTo(t, 0, 23)),
    /** MM. */
    MINUTE("must be a minute 00–59", t -> t.length() == 2 && upTo(t, 0, 59)),
    /** SS. */
    SECOND("must be a second 00–59", t -> t.length() == 2 && upTo(t, 0, 59)),
    /** ISO 3166 numeric. */
    COUNTRY("must be a country number of ISO 3166", CodeLists::isCountryNumber),
    /** ISO 3166 numeric or 999. */
    COUNTRY_OR_MANY(
            "must be a country number of ISO 3166 or 999", t -> t.equals("999") || CodeLists.isCountryNumber(t)),
    /** ISO 3166 two letters. */
    COUNTRY_LETTERS("must be two letters of ISO 3166", CodeLists::isCountryLetters),
    /** ISO 4217 numeric. */
    CURRENCY("must be a currency number of ISO 4217", CodeLists::isCurrencyNumber),
    /** ISO 5218. */
    SEX("must be 0, 1, 2 or 9", t -> oneOf(t, "0129")),
    /** Percent-encoded text. */
    PERCENT("has a broken percent sequence", ValueRule::isPercentEncoded),
    /** Zeros only. */
    ZERO("must be zero", t -> !t.isEmpty() && allZero(t)),
    /** Anything but zeros. */
    NON_ZERO("must not be zero", t -> digits(t) && !allZero(t)),
    /** No leading zero unless it is all there is. */
    NO_LEADING_ZERO(
            "must not begin with 0", t -> t.isEmpty() || (digits(t) && (t.length() == 1 || t.charAt(0) != '0'))),
    /** 0 or 1. */
    YES_NO("must be 0 or 1", t -> oneOf(t, "01")),
    /** Winding direction of a roll. */
    WINDING("must be 0, 1 or 9", t -> oneOf(t, "019")),
    /** Piece and total, each half of the digits. */
    PIECE_OF_TOTAL("must be piece and total, piece 1 to total", ValueRule::isPieceOfTotal),
    /** Place in a birth sequence, 1/3. */
    SEQUENCE("must be place/count, place 1 to count", ValueRule::isSequence),
    /** A hyphen. */
    HYPHEN("must be a hyphen", t -> !t.isEmpty() && t.chars().allMatch(c -> c == '-')),
    /** Not digits only. */
    NON_DIGIT("must have a character that is no digit", t -> CharacterSet.N.firstForeign(t) >= 0),
    /** Tenmillionths of a degree from the south pole. */
    LATITUDE("must be 0 to 1800000000", t -> t.length() == 10 && digits(t) && Long.parseLong(t) <= 1_800_000_000L),
    /** Tenmillionths of a degree eastwards from 180° west. */
    LONGITUDE("must be 0 to 3600000000", t -> t.length() == 10 && digits(t) && Long.parseLong(t) <= 3_600_000_000L),
    /** International bank account number. */
    IBAN("must be an IBAN with its check digits", ValueRule::isIban),
    /** Importer index: one URI-safe character. */
    IMPORTER("must be a letter, a digit, - or _", ValueRule::isImporter),
    /** AIDC media type. */
    MEDIA("must be an AIDC media type, 01–10 or 80–99", ValueRule::isMedia),
    /** Base64url: padding only at the end, and only as the GS1 syntax tests count it, to a multiple of three. */
    BASE64("must be base64url, padded at its end if at all", ValueRule::isBase64),
    /** Package type code. */
    PACKAGE_TYPE("must be a package type code", CodeLists::isPackageType);

    private interface Test {
        boolean passes(String part);
    }

    private final String demand;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Test test;

    ValueRule(String demand, Test test) {
        this.demand = demand;
        this.test = test;
    }

    /** Whether the part obeys. */
    public boolean accepts(String part) {
        return test.passes(part);
    }

    /** The rule as a clause: "must be a date YYMMDD". */
    String demand() {
        return demand;
    }

    /** Finds a rule by its name in the data file, {@code checkPair} for {@link #CHECK_PAIR}. */
    static ValueRule named(String name) {
        StringBuilder constant = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                constant.append('_');
            }
            constant.append(c);
        }
        return valueOf(constant.toString().toUpperCase(Locale.ROOT));
    }

    private static boolean digits(String t) {
        return !t.isEmpty() && CharacterSet.N.firstForeign(t) < 0;
    }

    private static boolean digitsAt(String t, int from, int count) {
        return t.length() >= from + count && CharacterSet.N.firstForeign(t, from, from + count) < 0;
    }

    private static boolean oneOf(String t, String allowed) {
        return t.length() == 1 && allowed.indexOf(t.charAt(0)) >= 0;
    }

    private static boolean allZero(String t) {
        return t.chars().allMatch(c -> c == '0');
    }

    private static int number(String t, int from, int to) {
        return CharacterSet.N.firstForeign(t, from, to) < 0 ? Integer.parseInt(t, from, to, 10) : -1;
    }

    private static boolean upTo(String t, int from, int max) {
        int n = number(t, from, from + 2);
        return n >= 0 && n <= max;
    }

    private static int shortYear(String t) {
        int yy = number(t, 0, 2);
        return yy < 0 ? -1 : yy > 50 ? 1900 + yy : 2000 + yy;
    }

    private static boolean isDate(int year, String t, int monthAt, boolean wholeMonth) {
        int month = number(t, monthAt, monthAt + 2);
        int day = number(t, monthAt + 2, monthAt + 4);
        if (year < 0 || month < 1 || month > 12 || day < 0) {
            return false;
        }
        return day == 0 ? wholeMonth : isDay(year, month, day);
    }

    private static boolean isDay(int year, int month, int day) {
        try {
            return LocalDate.of(year, month, day).getDayOfMonth() == day;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isPercentEncoded(String t) {
        for (int i = t.indexOf('%'); i >= 0; i = t.indexOf('%', i + 1)) {
            if (i + 2 >= t.length()
                    || Character.digit(t.charAt(i + 1), 16) < 0
                    || Character.digit(t.charAt(i + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPieceOfTotal(String t) {
        if (t.length() % 2 != 0 || t.length() > 18 || !digits(t)) {
            return false;
        }
        int piece = number(t, 0, t.length() / 2);
        int total = number(t, t.length() / 2, t.length());
        return piece >= 1 && piece <= total;
    }

    private static boolean isSequence(String t) {
        int slash = t.indexOf('/');
        if (slash < 1 || slash > 9 || t.length() - slash > 10 || t.charAt(0) == '0') {
            return false;
        }
        String place = t.substring(0, slash);
        String count = t.substring(slash + 1);
        return digits(place)
                && digits(count)
                && count.charAt(0) != '0'
                && Integer.parseInt(place) <= Integer.parseInt(count);
    }

    private static boolean isIban(String t) {
        return t.length() > 4
                && t.length() <= 34
                && CodeLists.isCountryLetters(t.substring(0, 2))
                && digits(t.substring(2, 4))
                && remainder97(t.substring(4) + t.substring(0, 4)) == 1;
    }

    private static int remainder97(String t) {
        int remainder = 0;
        for (int i = 0; i < t.length(); i++) {
            char c = t.charAt(i);
            if (c >= '0' && c <= '9') {
                remainder = (remainder * 10 + c - '0') % 97;
            } else if (c >= 'A' && c <= 'Z') {
                remainder = (remainder * 100 + c - 'A' + 10) % 97;
            } else {
                return -1;
            }
        }
        return remainder;
    }

    private static boolean isBase64(String t) {
        int padding = t.indexOf('=');
        int end = padding < 0 ? t.length() : padding;
        boolean padded = t.length() - end <= 2
                && t.length() % 3 == 0
                && t.substring(end).replace("=", "").isEmpty();
        return CharacterSet.Z.firstForeign(t, 0, end) < 0 && (padding < 0 || padded);
    }

    private static boolean isImporter(String t) {
        return t.length() == 1 && t.charAt(0) != '=' && CharacterSet.Z.has(t.charAt(0));
    }

    private static boolean isMedia(String t) {
        int n = t.length() == 2 ? number(t, 0, 2) : -1;
        return (n >= 1 && n <= 10) || n >= 80;
    }
}
