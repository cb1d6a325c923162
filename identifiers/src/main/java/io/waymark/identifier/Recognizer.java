package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.Recognition.Carrier;
import io.waymark.identifier.Recognition.Field;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import io.waymark.identifier.gs1.CharacterSet;
import io.waymark.identifier.gs1.CheckDigit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what a raw scan is: whatever a scanner, a tag reader, a person or a message holds.
 *
 * <p>The first that fits wins: symbology identifier or parentheses (GS1), web address, URN, GS1 element string without
 * announcement, tag bits in hexadecimal, handle, MA code, OID, VIN, drug code, bare EAN, UPC or ITF number. Text that
 * clearly is of a scheme but breaks its rules is refused with that scheme's reason, not tried as something else.
 *
 * <p>Stateless, for any thread.
 */
public final class Recognizer {
    /** The longest scan looked at. */
    public static final int MAX_LENGTH = ElementString.MAX_LENGTH;

    /** What stands before the colon of canonical spellings. */
    private static final Map<String, Scheme> BY_PREFIX = Arrays.stream(Scheme.values())
            .collect(Collectors.toMap(s -> s.name().toLowerCase(Locale.ROOT), s -> s));

    private static final int MIN_EPC_DIGITS = 24;
    private static final int GTIN_DIGITS = 14;

    private Recognizer() {}

    /**
     * Recognises a scan. White space around it is ignored.
     *
     * @throws MalformedIdentifierException if it is of no known scheme, or breaks the rules of the one it is of
     */
    public static Recognition recognize(String raw) throws MalformedIdentifierException {
        if (raw.length() > MAX_LENGTH) {
            throw new MalformedIdentifierException(
                    "a code must be at most " + MAX_LENGTH + " characters but was " + raw.length(), MAX_LENGTH);
        }
        String text = trim(raw);
        if (text.isEmpty()) {
            throw new MalformedIdentifierException("the code is empty", 0);
        }
        Recognition found = text.charAt(0) == ']' ? announced(text) : respelled(text);
        if (found == null) {
            throw new MalformedIdentifierException("\"" + shorten(text) + "\" is no code of a known scheme", -1);
        }
        return found;
    }

    /** Drops spaces, tabs and line ends; not the GS character, which {@link String#strip} would take for white space. */
    private static String trim(String raw) {
        int from = 0;
        int to = raw.length();
        while (from < to && " \t\r\n".indexOf(raw.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && " \t\r\n".indexOf(raw.charAt(to - 1)) >= 0) {
            to--;
        }
        return raw.substring(from, to);
    }

    private static String shorten(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    /** A scan that begins with a symbology identifier: it says how to read the rest. */
    private static @Nullable Recognition announced(String text) throws MalformedIdentifierException {
        if (ElementString.hasSymbology(text)) {
            return elementString(text, Carrier.ELEMENT_STRING);
        }
        if (text.length() <= 3) {
            throw new MalformedIdentifierException("nothing follows symbology identifier " + text, text.length());
        }
        String data = text.substring(3);
        return switch (text.substring(0, 3)) {
            case "]E0" -> retail(data, 13);
            case "]E4" -> retail(data, 8);
            case "]I1" -> retail(data, GTIN_DIGITS);
            default -> respelled(data);
        };
    }

    /** An EAN or UPC number, perhaps with a composite component behind it. */
    private static Recognition retail(String data, int digits) throws MalformedIdentifierException {
        int composite = data.indexOf("|]e0");
        String number = composite < 0 ? data : data.substring(0, composite);
        if (number.length() != digits || !CheckDigit.isValid(number)) {
            throw new MalformedIdentifierException(
                    "\"" + shorten(number) + "\" must be " + digits + " digits with a check digit", -1);
        }
        String gtin = "01" + "0".repeat(GTIN_DIGITS - digits) + number;
        return composite < 0
                ? elementString(gtin, Carrier.BARE_NUMBER)
                : elementString(gtin + data.substring(composite + 4), Carrier.ELEMENT_STRING);
    }

    /** Reads {@code vin:…} and its like, the spelling of {@link Identifier#canonical()}, or the text as it is. */
    private static @Nullable Recognition respelled(String text) throws MalformedIdentifierException {
        int colon = text.indexOf(':');
        Scheme scheme = colon < 0 ? null : BY_PREFIX.get(text.substring(0, colon));
        if (scheme == null || colon == text.length() - 1) {
            return unannounced(text);
        }
        String value = text.substring(colon + 1);
        Recognition found = scheme == Scheme.RAW_EPC ? epcUrn("urn:epc:raw:" + value) : unannounced(value);
        return found != null && found.identifier().scheme() == scheme ? found : null;
    }

    private static @Nullable Recognition unannounced(String text) throws MalformedIdentifierException {
        if (text.charAt(0) == '(') {
            return elementString(text, Carrier.BRACKETED_ELEMENT_STRING);
        }
        if (isWebAddress(text)) {
            return webAddress(text);
        }
        if (EpcUri.isOne(text)) {
            return epcUrn(text);
        }
        if (text.indexOf(ElementString.SEPARATOR) >= 0 || beginsWithKey(text)) {
            return elementString(text, Carrier.ELEMENT_STRING);
        }
        if (isEpcHex(text)) {
            EpcTag tag = EpcBinary.decode(text);
            return new Recognition(tag.identifier(), Carrier.EPC_HEX, tag.fields());
        }
        if (isHandle(text)) {
            return handle(text);
        }
        return other(text);
    }

    private static @Nullable Recognition other(String text) throws MalformedIdentifierException {
        Recognition found = OtherCodes.ma(text);
        found = found != null ? found : OtherCodes.oid(text);
        found = found != null ? found : OtherCodes.vin(text);
        found = found != null ? found : OtherCodes.drugCode(text);
        return found != null ? found : bareNumber(text);
    }

    private static Recognition elementString(String text, Carrier carrier) throws MalformedIdentifierException {
        ElementString scan = ElementString.parse(text);
        Gs1Key key = scan.key()
                .orElseThrow(() -> new MalformedIdentifierException(
                        "\"" + scan.bracketed()
                                + "\" holds attributes but no key, such as 01 or 00, that names a thing",
                        -1));
        return new Recognition(key, carrier, Gs1Fields.of(scan.elements()));
    }

    private static boolean isWebAddress(String text) {
        return text.regionMatches(true, 0, "https://", 0, 8) || text.regionMatches(true, 0, "http://", 0, 7);
    }

    /** A Digital Link, or another web address. Who meant a link but mistyped the number is told so. */
    private static Recognition webAddress(String text) throws MalformedIdentifierException {
        int slashes = text.indexOf("://");
        String uri = text.substring(0, slashes).toLowerCase(Locale.ROOT) + text.substring(slashes);
        try {
            DigitalLink link = DigitalLink.parse(uri);
            List<Field> fields = new ArrayList<>(Gs1Fields.of(link.key().elements()));
            fields.addAll(Gs1Fields.of(link.attributes()));
            fields.add(new Field("Stem", link.stem(), ""));
            return new Recognition(link.key(), Carrier.DIGITAL_LINK, fields);
        } catch (MalformedIdentifierException e) {
            if (DigitalLink.looksLikeOne(uri)) {
                throw e;
            }
            return OtherCodes.url(uri);
        }
    }

    private static Recognition epcUrn(String text) throws MalformedIdentifierException {
        EpcUri urn = EpcUri.parse(text);
        List<Field> fields = new ArrayList<>();
        if (urn.tag().isPresent()) {
            fields.addAll(urn.tag().get().fields());
        } else if (urn.identifier() instanceof Gs1Key key) {
            fields.addAll(Gs1Fields.of(key.elements()));
            fields.add(new Field("Company prefix digits", String.valueOf(urn.companyDigits()), ""));
        }
        return new Recognition(urn.identifier(), Carrier.EPC_URN, fields);
    }

    /**
     * Whether the text begins with a key whose check digit is right, as an element string without announcement does.
     * Twenty digits with a leading 8 are rather a drug code.
     */
    private static boolean beginsWithKey(String text) {
        ApplicationIdentifier ai = ApplicationIdentifier.findAt(text, 0);
        if (ai == null || !ai.isPrimaryKey() || (text.length() == 20 && text.charAt(0) == '8')) {
            return false;
        }
        int end = ai.code().length() + ai.minLength();
        return ai.hasCheckDigit()
                && text.length() >= end
                && ai.check(text.substring(ai.code().length(), end)) == null;
    }

    private static boolean isEpcHex(String text) {
        if (text.length() < MIN_EPC_DIGITS || text.length() % 4 != 0 || text.length() > 2 * EpcBinary.MAX_BYTES) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (PercentCoding.hexDigit(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Digits, dots and letters in front of a slash, a digit first; or {@code hdl:}. */
    private static boolean isHandle(String text) {
        if (text.regionMatches(true, 0, "hdl:", 0, 4)) {
            return true;
        }
        int slash = text.indexOf('/');
        if (slash < 1 || !CharacterSet.N.has(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < slash; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && c != '.' && !CharacterSet.N.has(c)) {
                return false;
            }
        }
        return true;
    }

    private static Recognition handle(String text) throws MalformedIdentifierException {
        Handle handle = Handle.parse(text.regionMatches(true, 0, "hdl:", 0, 4) ? text.substring(4) : text);
        return new Recognition(
                handle,
                Carrier.HANDLE_NAME,
                List.of(new Field("Prefix", handle.prefix(), ""), new Field("Suffix", handle.suffix(), "")));
    }

    private static @Nullable Recognition bareNumber(String text) throws MalformedIdentifierException {
        int length = text.length();
        boolean gtin = length == 8 || (length >= 12 && length <= GTIN_DIGITS);
        if (!gtin || CharacterSet.N.firstForeign(text) >= 0) {
            return null;
        }
        if (!CheckDigit.isValid(text)) {
            throw new MalformedIdentifierException(
                    "GTIN " + text + " must end in check digit " + CheckDigit.of(text, 0, length - 1), length - 1);
        }
        Element element = new Element("01", "0".repeat(GTIN_DIGITS - length) + text);
        return new Recognition(new Gs1Key(List.of(element)), Carrier.BARE_NUMBER, List.of(Gs1Fields.of(element)));
    }
}
