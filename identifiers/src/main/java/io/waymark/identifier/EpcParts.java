package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.epc.EpcKey;
import io.waymark.identifier.epc.EpcKey.Parts;
import io.waymark.identifier.epc.EpcKey.SerialPlace;
import io.waymark.identifier.gs1.ApplicationIdentifier;

/**
 * A GS1 key taken apart as EPC bits and URIs write it.
 *
 * @param company company prefix
 * @param reference without check digit, a moved first digit in front; may be empty
 * @param piece two digits for ITIP, else empty
 * @param total two digits for ITIP, else empty
 * @param serial empty if there is none; {@code 0} for a location without extension
 */
record EpcParts(String company, String reference, String piece, String total, String serial) {

    /**
     * Takes a key apart.
     *
     * @throws MalformedIdentifierException if the key is of another kind or its values are not valid
     * @throws IllegalArgumentException if no company prefix has that many digits
     */
    static EpcParts of(EpcKey kind, int companyDigits, Gs1Key key) throws MalformedIdentifierException {
        if (companyDigits < EpcKey.MIN_COMPANY_DIGITS || companyDigits > EpcKey.MAX_COMPANY_DIGITS) {
            throw new IllegalArgumentException("company prefix must have 6..12 digits but had " + companyDigits);
        }
        if (!key.primary().ai().equals(kind.ai())) {
            throw new MalformedIdentifierException(
                    kind.urn() + " is made of AI " + kind.ai() + " but the key is AI "
                            + key.primary().ai(),
                    -1);
        }
        for (Element e : key.elements()) {
            refuseInvalid(e);
        }
        String value = key.primary().value();
        Parts parts = kind.split(value, companyDigits);
        if (parts == null) {
            throw new MalformedIdentifierException(
                    "\"" + value + "\" has no company prefix of " + companyDigits + " digits", -1);
        }
        return of(kind, parts, key);
    }

    private static EpcParts of(EpcKey kind, Parts parts, Gs1Key key) {
        boolean pieces = kind == EpcKey.ITIP;
        String serial = kind.serialPlace() == SerialPlace.APPENDED ? parts.rest() : qualifier(kind, key);
        return new EpcParts(
                parts.company(),
                parts.reference(),
                pieces ? parts.rest().substring(0, 2) : "",
                pieces ? parts.rest().substring(2) : "",
                serial.isEmpty() && kind == EpcKey.SGLN ? "0" : serial);
    }

    private static String qualifier(EpcKey kind, Gs1Key key) {
        return key.elements().stream()
                .skip(1)
                .filter(e -> e.ai().equals(kind.serialAi()))
                .map(Element::value)
                .findFirst()
                .orElse("");
    }

    private static void refuseInvalid(Element e) throws MalformedIdentifierException {
        ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
        if (ai == null) {
            throw new MalformedIdentifierException("AI " + e.ai() + " is not assigned", -1);
        }
        ElementString.element(ai, e.value(), 0);
    }
}
