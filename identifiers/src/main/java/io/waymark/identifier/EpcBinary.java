package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.epc.BitReader;
import io.waymark.identifier.epc.BitWriter;
import io.waymark.identifier.epc.EpcKey;
import io.waymark.identifier.epc.EpcScheme;
import io.waymark.identifier.epc.EpcScheme.SerialForm;
import io.waymark.identifier.epc.PlusLayout;
import io.waymark.identifier.epc.PlusLayout.Contents;
import io.waymark.identifier.epc.PlusLayout.Value;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import io.waymark.identifier.gs1.CharacterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bits of the EPC bank of RFID tags, from bit 20h on.
 *
 * <p>Every string of bits decodes: what is no EPC of a layout in {@link EpcScheme} or {@link PlusLayout}, or breaks its
 * rules, becomes a raw identifier, because a reader's report must never be lost for it. Layouts of {@link EpcScheme} can
 * also be written.
 *
 * @see "EPC Tag Data Standard 2.3 §14"
 */
public final class EpcBinary {
    /** Most octets of an EPC bank looked at: 496 bits. */
    public static final int MAX_BYTES = 62;

    private static final int HEADER_BITS = 8;
    private static final int FILTER_BITS = 3;
    private static final int PARTITION_BITS = 3;

    private EpcBinary() {}

    /**
     * Decodes hexadecimal digits of either case.
     *
     * @throws MalformedIdentifierException if it is no even number of 2 to 124 hexadecimal digits
     */
    public static EpcTag decode(String hex) throws MalformedIdentifierException {
        byte[] bits = PercentCoding.octets(hex);
        if (bits == null) {
            throw new MalformedIdentifierException("\"" + hex + "\" is no even number of hexadecimal digits", -1);
        }
        return decode(bits);
    }

    /**
     * Decodes octets, which the result keeps.
     *
     * @throws MalformedIdentifierException if there are none or more than {@value #MAX_BYTES}
     */
    public static EpcTag decode(byte[] bits) throws MalformedIdentifierException {
        if (bits.length == 0 || bits.length > MAX_BYTES) {
            throw new MalformedIdentifierException(
                    "an EPC has 1 to " + MAX_BYTES + " octets but got " + bits.length, -1);
        }
        EpcScheme scheme = EpcScheme.byHeader(bits[0]);
        if (scheme == null) {
            return plus(bits);
        }
        if (bits.length * 8 < scheme.bits()) {
            return raw(bits, scheme.tagName() + " has " + scheme.bits() + " bits but got " + bits.length * 8);
        }
        return new Decoding(scheme, bits).tag();
    }

    private static EpcTag plus(byte[] bits) {
        PlusLayout layout = PlusLayout.byHeader(bits[0]);
        if (layout == null) {
            return raw(bits, "header " + PercentCoding.hex(new byte[] {bits[0]}) + " is no layout that is decoded");
        }
        Contents contents = layout.read(bits);
        if (contents == null || contents.values().stream().anyMatch(v -> breaksFormat(v.ai(), v.value()))) {
            return raw(bits, "the bits break the layout " + layout + "+");
        }
        List<Element> elements = new ArrayList<>();
        for (Value v : contents.values()) {
            if (!isNoExtension(v.ai(), v.value())) {
                elements.add(new Element(v.ai(), v.value()));
            }
        }
        return new EpcTag(new Gs1Key(elements), Optional.empty(), contents.filter(), 0, bits, "");
    }

    private static boolean isNoExtension(String ai, String value) {
        return ai.equals("254") && value.equals("0");
    }

    private static EpcTag raw(byte[] bits, String problem) {
        OtherCode code = new OtherCode(Scheme.RAW_EPC, bits.length * 8 + ".x" + PercentCoding.hex(bits));
        return new EpcTag(code, Optional.empty(), 0, 0, bits, problem);
    }

    /** One run over the bits; methods are called once, in order. */
    private static final class Decoding {
        private final EpcScheme scheme;
        private final EpcKey key;
        private final byte[] bits;
        private final BitReader in;
        private int filter;
        private int partition;
        private int companyDigits;
        private @Nullable String problem;

        Decoding(EpcScheme scheme, byte[] bits) {
            this.scheme = scheme;
            this.key = scheme.key();
            this.bits = bits;
            this.in = new BitReader(bits);
        }

        EpcTag tag() {
            in.number(HEADER_BITS);
            filter = (int) in.number(FILTER_BITS);
            partition = (int) in.number(PARTITION_BITS);
            if (partition > EpcScheme.MAX_PARTITION) {
                return raw(bits, "partition must be in 0..6 but was 7");
            }
            companyDigits = EpcKey.MAX_COMPANY_DIGITS - partition;
            String value = value();
            String serial = scheme.serialForm() == SerialForm.NONE ? "" : serial();
            boolean zeros = in.remaining() <= 0 || in.zeros(in.remaining());
            if (!zeros) {
                problem("the bits behind the EPC must be zero");
            } else if (in.overrun()) {
                problem(scheme.tagName() + " ends before its serial");
            }
            return problem == null
                    ? new EpcTag(keyOf(key, value, serial), Optional.of(scheme), filter, companyDigits, bits, "")
                    : raw(bits, problem);
        }

        private String value() {
            long company = in.number(EpcScheme.companyBits(partition));
            if (company >= EpcKey.powerOfTen(companyDigits)) {
                problem("company prefix " + company + " has more than " + companyDigits + " digits");
                return "";
            }
            if (key.hasTextReference()) {
                return textValue(padded(company, companyDigits));
            }
            long reference = in.number(scheme.referenceBits(partition));
            int digits = key.referenceDigits(companyDigits);
            if (reference >= EpcKey.powerOfTen(digits)) {
                problem("reference " + reference + " has more than " + digits + " digits");
                return "";
            }
            String value = key.compose(company, companyDigits, reference);
            return key == EpcKey.ITIP ? value + pieceAndTotal() : value;
        }

        private String pieceAndTotal() {
            long piece = in.number(EpcScheme.PIECE_BITS);
            long total = in.number(EpcScheme.PIECE_BITS);
            if (piece < 1 || piece > total || total > 99) {
                problem("piece must be in 1..total and total at most 99 but they were " + piece + " and " + total);
            }
            return padded(piece, 2) + padded(total, 2);
        }

        private String textValue(String company) {
            String reference = switch (scheme.referenceForm()) {
                case SIX_BIT -> in.sixBitText();
                case SEVEN_BIT -> sevenBitReference(scheme.referenceBits(partition));
                case NUMBER, DIGITS -> numberReference();
            };
            String value = company + reference;
            if (reference.isEmpty()) {
                problem("reference is empty");
            } else if (breaksFormat(key.ai(), value)) {
                problem("\"" + value + "\" is no valid value of AI " + key.ai());
            }
            return value;
        }

        private String numberReference() {
            long reference = in.number(scheme.referenceBits(partition));
            if (reference > scheme.maxReference(partition)) {
                problem("reference must be at most " + scheme.maxReference(partition) + " but was " + reference);
            }
            return Long.toString(reference);
        }

        private String sevenBitReference(int referenceBits) {
            String text = in.sevenBitText(referenceBits / 7);
            if (text == null || !in.zeros(referenceBits % 7)) {
                problem("a character follows the end of the reference");
                return "";
            }
            return text;
        }

        private String serial() {
            int size = scheme.serialSize();
            String serial = switch (scheme.serialForm()) {
                case NONE -> "";
                case NUMBER -> Long.toString(in.number(size));
                case ONE_AND_NUMBER -> withoutLeadingOne(Long.toString(in.number(size)));
                case SEVEN_BIT -> in.sevenBitText(size);
            };
            if (serial == null || serial.isEmpty()) {
                problem("serial is empty or has a character behind its end");
                return "";
            }
            if (scheme.serialForm() == SerialForm.SEVEN_BIT && CharacterSet.X.firstForeign(serial) >= 0) {
                problem("serial has characters outside GS1 set 82");
            }
            return serial;
        }

        private static String withoutLeadingOne(String number) {
            return number.charAt(0) == '1' ? number.substring(1) : "";
        }

        private void problem(String what) {
            if (problem == null) {
                problem = what;
            }
        }
    }

    private static boolean breaksFormat(String ai, String value) {
        ApplicationIdentifier known = ApplicationIdentifier.find(ai);
        return known == null || known.check(value) != null;
    }

    /** Puts a serial where the key has it; a location's extension 0 means that there is none. */
    static Gs1Key keyOf(EpcKey key, String value, String serial) {
        return switch (key.serialPlace()) {
            case NONE -> Gs1Key.of(key.ai(), value);
            case APPENDED -> Gs1Key.of(key.ai(), value + serial);
            case QUALIFIER ->
                isNoExtension(key.serialAi(), serial)
                        ? Gs1Key.of(key.ai(), value)
                        : Gs1Key.of(key.ai(), value, key.serialAi(), serial);
        };
    }

    static String padded(long number, int digits) {
        String text = Long.toString(number);
        return text.length() >= digits ? text : "0".repeat(digits - text.length()) + text;
    }

    /**
     * Encodes a key.
     *
     * @param filter 0–7
     * @param companyDigits digits of the key's company prefix, 6–12
     * @return octets, zero-padded to words of 16 bits as in tag memory
     * @throws MalformedIdentifierException if the key is not of the scheme, lacks a serial, or has one that does not
     *     fit
     */
    public static byte[] encode(EpcScheme scheme, int filter, int companyDigits, Gs1Key key)
            throws MalformedIdentifierException {
        if (filter < 0 || filter > EpcScheme.MAX_FILTER) {
            throw new IllegalArgumentException("filter must be in 0..7 but was " + filter);
        }
        EpcParts parts = EpcParts.of(scheme.key(), companyDigits, key);
        int partition = EpcKey.MAX_COMPANY_DIGITS - companyDigits;
        BitWriter out = new BitWriter()
                .number(scheme.header(), HEADER_BITS)
                .number(filter, FILTER_BITS)
                .number(partition, PARTITION_BITS)
                .number(Long.parseLong(parts.company()), EpcScheme.companyBits(partition));
        try {
            putReference(out, scheme, partition, parts.reference());
            if (scheme.key() == EpcKey.ITIP) {
                out.number(Long.parseLong(parts.piece()), EpcScheme.PIECE_BITS)
                        .number(Long.parseLong(parts.total()), EpcScheme.PIECE_BITS);
            }
            putSerial(out, scheme, parts.serial());
        } catch (IllegalArgumentException e) {
            throw new MalformedIdentifierException(key + " is no " + scheme.tagName() + ": " + e.getMessage(), -1);
        }
        return out.zeros(Math.max(0, scheme.bits() - out.position())).toWords();
    }

    private static void putReference(BitWriter out, EpcScheme scheme, int partition, String reference) {
        switch (scheme.referenceForm()) {
            case DIGITS ->
                out.number(reference.isEmpty() ? 0 : Long.parseLong(reference), scheme.referenceBits(partition));
            case NUMBER -> out.number(plainReference(scheme, partition, reference), scheme.referenceBits(partition));
            case SEVEN_BIT -> {
                int bits = scheme.referenceBits(partition);
                out.sevenBitText(reference, bits / 7).zeros(bits % 7);
            }
            case SIX_BIT -> out.sixBitText(reference);
        }
    }

    private static void putSerial(BitWriter out, EpcScheme scheme, String serial) {
        if (serial.isEmpty() && scheme.serialForm() != SerialForm.NONE) {
            throw new IllegalArgumentException("it needs a serial");
        }
        switch (scheme.serialForm()) {
            case NONE -> {}
            case NUMBER -> out.number(plainNumber(serial), scheme.serialSize());
            case ONE_AND_NUMBER -> out.number(plainNumber("1" + serial), scheme.serialSize());
            case SEVEN_BIT -> out.sevenBitText(serial, scheme.serialSize());
        }
    }

    private static long plainReference(EpcScheme scheme, int partition, String reference) {
        long number = plainNumber(reference);
        if (number > scheme.maxReference(partition)) {
            throw new IllegalArgumentException(
                    "reference must be at most " + scheme.maxReference(partition) + " but was " + number);
        }
        return number;
    }

    private static boolean isLong(String digits) {
        String most = String.valueOf(Long.MAX_VALUE);
        return digits.length() < most.length() || (digits.length() == most.length() && digits.compareTo(most) <= 0);
    }

    /** A number that reads back as the same text: digits without leading zero. */
    private static long plainNumber(String text) {
        boolean plain = !text.isEmpty()
                && isLong(text)
                && CharacterSet.N.firstForeign(text) < 0
                && (text.length() == 1 || text.charAt(0) != '0');
        if (!plain) {
            throw new IllegalArgumentException("\"" + text + "\" is no number without leading zeros");
        }
        return Long.parseLong(text);
    }
}
