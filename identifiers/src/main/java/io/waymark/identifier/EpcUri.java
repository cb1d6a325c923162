package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.epc.EpcKey;
import io.waymark.identifier.epc.EpcKey.SerialPlace;
import io.waymark.identifier.epc.EpcScheme;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import io.waymark.identifier.gs1.CharacterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * EPC URNs, the older writing of GS1 keys in EPCIS and on tags.
 *
 * <pre>
 * urn:epc:id:sgtin:95060001343.05.6789          pure identity
 * urn:epc:class:lgtin:95060001343.05.LOT7       a lot
 * urn:epc:idpat:sgtin:95060001343.05.*          a GTIN, a type of assets, documents, coupons
 * urn:epc:tag:sgtin-96:3.95060001343.05.6789    the bits of a tag
 * urn:epc:raw:96.x3066C4409047E14000001A85      bits that are no EPC
 * </pre>
 *
 * To write one, the number of digits of the company prefix must be known: a GS1 key does not tell, a URN or a tag does.
 *
 * @param form which of them it is
 * @param identifier the thing; a GS1 key, or {@link Scheme#RAW_EPC}
 * @param companyDigits digits of the company prefix, 0 for raw bits
 * @param tag the tag's contents for tag and raw forms
 * @see "EPC Tag Data Standard 2.3 §6–§8, §12"
 */
public record EpcUri(Form form, Identifier identifier, int companyDigits, Optional<EpcTag> tag) {
    private static final String PREFIX = "urn:epc:";
    private static final String ESCAPED = "\"#%&/<>?";
    private static final int MAX_LENGTH = 512;

    /** The kinds of EPC URN. */
    public enum Form {
        /** {@code urn:epc:id:}. */
        PURE_IDENTITY,
        /** {@code urn:epc:class:lgtin:}. */
        LOT,
        /** {@code urn:epc:idpat:} with a last {@code *}. */
        CLASS,
        /** {@code urn:epc:tag:}. */
        TAG,
        /** {@code urn:epc:raw:}. */
        RAW
    }

    /** Whether the text begins as an EPC URN does. */
    static boolean isOne(String text) {
        return text.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /**
     * Reads any of the forms above.
     *
     * @throws MalformedIdentifierException if it is none, or its parts have wrong lengths or characters
     */
    public static EpcUri parse(String urn) throws MalformedIdentifierException {
        if (!isOne(urn) || urn.length() > MAX_LENGTH) {
            throw new MalformedIdentifierException(
                    "EPC URN must begin with urn:epc: and have at most " + MAX_LENGTH + " characters", 0);
        }
        String[] words = urn.substring(PREFIX.length()).split(":", 3);
        if (words.length == 2 && words[0].equals("raw")) {
            return raw(words[1]);
        }
        if (words.length != 3) {
            throw new MalformedIdentifierException("\"" + urn + "\" must have a form, a scheme and a value", -1);
        }
        return switch (words[0]) {
            case "id" -> pure(words[1], words[2]);
            case "class" -> lot(words[1], words[2]);
            case "idpat" -> pattern(words[1], words[2]);
            case "tag" -> tagged(words[1], words[2]);
            default ->
                throw new MalformedIdentifierException(
                        "EPC URN form must be id, class, idpat, tag or raw but was " + words[0], PREFIX.length());
        };
    }

    private static EpcUri pure(String scheme, String body) throws MalformedIdentifierException {
        EpcKey kind = kind(scheme);
        String[] parts = parts(body, kind.uriParts(), 0);
        return new EpcUri(Form.PURE_IDENTITY, key(kind, parts), parts[0].length(), Optional.empty());
    }

    private static EpcUri lot(String scheme, String body) throws MalformedIdentifierException {
        if (!scheme.equals("lgtin")) {
            throw new MalformedIdentifierException("EPC class must be lgtin but was " + scheme, -1);
        }
        String[] parts = parts(body, 3, 0);
        String gtin = value(EpcKey.SGTIN, parts);
        Gs1Key key = Gs1Key.of("01", gtin, "10", valid("10", PercentCoding.decode(parts[2], false)));
        return new EpcUri(Form.LOT, key, parts[0].length(), Optional.empty());
    }

    private static EpcUri pattern(String scheme, String body) throws MalformedIdentifierException {
        EpcKey kind = kind(scheme);
        String[] parts = parts(body, kind.uriParts(), 0);
        if (kind.serialPlace() == SerialPlace.NONE || !parts[parts.length - 1].equals("*")) {
            throw new MalformedIdentifierException(
                    "pattern \"" + body + "\" must leave just its serial open, as .*", -1);
        }
        String value = valid(kind.ai(), value(kind, parts));
        return new EpcUri(Form.CLASS, Gs1Key.of(kind.ai(), value), parts[0].length(), Optional.empty());
    }

    private static EpcUri tagged(String tagName, String body) throws MalformedIdentifierException {
        EpcScheme scheme = EpcScheme.byTagName(tagName);
        if (scheme == null) {
            throw new MalformedIdentifierException("EPC tag layout " + tagName + " is not known", -1);
        }
        String[] withFilter = body.split("\\.", 2);
        if (withFilter.length != 2
                || withFilter[0].length() != 1
                || withFilter[0].charAt(0) < '0'
                || withFilter[0].charAt(0) > '7') {
            throw new MalformedIdentifierException("tag \"" + body + "\" must begin with a filter 0–7", -1);
        }
        String[] parts = parts(withFilter[1], scheme.key().uriParts(), 2);
        Gs1Key key = key(scheme.key(), parts);
        byte[] bits = EpcBinary.encode(scheme, withFilter[0].charAt(0) - '0', parts[0].length(), key);
        EpcTag tag = EpcBinary.decode(bits);
        return new EpcUri(Form.TAG, key, parts[0].length(), Optional.of(tag));
    }

    private static EpcUri raw(String body) throws MalformedIdentifierException {
        int x = body.indexOf(".x");
        byte[] bits = x < 0 ? null : PercentCoding.octets(body.substring(x + 2));
        if (bits == null || !body.substring(0, x).equals(String.valueOf(bits.length * 8))) {
            throw new MalformedIdentifierException(
                    "raw EPC must be bits.xHEX, eight bits for two digits, but was \"" + body + "\"", -1);
        }
        EpcTag tag = EpcBinary.decode(bits);
        return new EpcUri(Form.RAW, tag.identifier(), tag.companyDigits(), Optional.of(tag));
    }

    private static EpcKey kind(String scheme) throws MalformedIdentifierException {
        EpcKey kind = EpcKey.byUrn(scheme);
        if (kind == null) {
            throw new MalformedIdentifierException("EPC scheme " + scheme + " is no GS1 key", -1);
        }
        return kind;
    }

    /** Splits at dots; the last part may contain dots itself. */
    private static String[] parts(String body, int count, int offset) throws MalformedIdentifierException {
        String[] parts = body.split("\\.", count);
        if (parts.length != count) {
            throw new MalformedIdentifierException(
                    "\"" + body + "\" must have " + count + " parts but has " + parts.length, offset);
        }
        int company = parts[0].length();
        boolean digits = CharacterSet.N.firstForeign(parts[0]) < 0;
        if (!digits || company < EpcKey.MIN_COMPANY_DIGITS || company > EpcKey.MAX_COMPANY_DIGITS) {
            throw new MalformedIdentifierException("company prefix must be 6..12 digits but was " + parts[0], offset);
        }
        return parts;
    }

    private static Gs1Key key(EpcKey kind, String[] parts) throws MalformedIdentifierException {
        boolean serialised = kind.serialPlace() != SerialPlace.NONE;
        String serial = serialised ? PercentCoding.decode(parts[parts.length - 1], false) : "";
        if (serialised && serial.isEmpty()) {
            throw new MalformedIdentifierException(kind.urn() + " needs a serial", -1);
        }
        Gs1Key key = EpcBinary.keyOf(kind, value(kind, parts), serial);
        for (Element e : key.elements()) {
            valid(e.ai(), e.value());
        }
        return key;
    }

    /** The key's value without serial. */
    private static String value(EpcKey kind, String[] parts) throws MalformedIdentifierException {
        if (kind.hasTextReference()) {
            return parts[0] + PercentCoding.decode(parts[1], false);
        }
        int companyDigits = parts[0].length();
        int digits = kind.referenceDigits(companyDigits);
        if (parts[1].length() != digits || CharacterSet.N.firstForeign(parts[1]) >= 0) {
            throw new MalformedIdentifierException(
                    "reference must be " + digits + " digits behind company prefix " + parts[0] + " but was \""
                            + parts[1] + "\"",
                    -1);
        }
        long reference = digits == 0 ? 0 : Long.parseLong(parts[1]);
        String value = kind.compose(Long.parseLong(parts[0]), companyDigits, reference);
        return kind == EpcKey.ITIP ? value + parts[2] + parts[3] : value;
    }

    private static String valid(String code, String value) throws MalformedIdentifierException {
        ApplicationIdentifier ai = ApplicationIdentifier.find(code);
        if (ai == null) {
            throw new MalformedIdentifierException("AI " + code + " is not assigned", -1);
        }
        return ElementString.element(ai, value, 0).value();
    }

    /**
     * Writes a key as pure identity, lot ({@code class:lgtin}) or class ({@code idpat}) URN, whichever it is.
     *
     * @param companyDigits digits of its company prefix, 6–12
     * @throws MalformedIdentifierException if the key has no URN or its values are not valid
     */
    public static String of(Gs1Key key, int companyDigits) throws MalformedIdentifierException {
        EpcKey kind = kindOf(key);
        EpcParts parts = EpcParts.of(kind, companyDigits, key);
        if (key.primary().ai().equals("01") && key.finest().ai().equals("10")) {
            return "urn:epc:class:lgtin:" + parts.company() + '.' + parts.reference() + '.'
                    + escape(key.finest().value());
        }
        boolean open = kind.serialPlace() != SerialPlace.NONE && parts.serial().isEmpty();
        return (open ? "urn:epc:idpat:" : "urn:epc:id:") + kind.urn() + ':' + body(kind, parts, open);
    }

    /**
     * Writes the bits of a tag, as {@code tag} URN, or {@code raw} if they are no EPC of a GS1 key.
     */
    public static String of(EpcTag tag) {
        if (tag.scheme().isEmpty() || !(tag.identifier() instanceof Gs1Key key)) {
            return "urn:epc:raw:" + tag.bits().length * 8 + ".x" + tag.hex();
        }
        EpcScheme scheme = tag.scheme().get();
        try {
            EpcParts parts = EpcParts.of(scheme.key(), tag.companyDigits(), key);
            return "urn:epc:tag:" + scheme.tagName() + ':' + tag.filter() + '.' + body(scheme.key(), parts, false);
        } catch (MalformedIdentifierException e) {
            throw new IllegalStateException("a decoded tag holds a valid key", e);
        }
    }

    private static EpcKey kindOf(Gs1Key key) throws MalformedIdentifierException {
        if (key.primary().ai().equals("01")) {
            return key.finest().ai().equals("235") ? EpcKey.UPUI : EpcKey.SGTIN;
        }
        for (EpcKey kind : EpcKey.values()) {
            if (kind.ai().equals(key.primary().ai())) {
                return kind;
            }
        }
        throw new MalformedIdentifierException("AI " + key.primary().ai() + " has no EPC URN", -1);
    }

    private static String body(EpcKey kind, EpcParts parts, boolean open) {
        List<String> body = new ArrayList<>(List.of(parts.company(), escape(parts.reference())));
        if (kind == EpcKey.ITIP) {
            body.add(parts.piece());
            body.add(parts.total());
        }
        if (kind.serialPlace() != SerialPlace.NONE) {
            body.add(open ? "*" : escape(parts.serial()));
        }
        return String.join(".", body);
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ESCAPED.indexOf(c) >= 0) {
                out.append('%').append(PercentCoding.hex(new byte[] {(byte) c}));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
