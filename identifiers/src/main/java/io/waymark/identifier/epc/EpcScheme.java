package io.waymark.identifier.epc;

import org.jspecify.annotations.Nullable;

/**
 * Binary layouts of EPCs, one row each.
 *
 * <pre>
 * header 8 | filter 3 | partition 3 | company prefix | reference | [piece 7 | total 7] | serial | zeros
 * </pre>
 *
 * The partition tells how many digits the company prefix has (12 − partition), and so how the bits of company prefix
 * and reference are shared.
 *
 * @see "EPC Tag Data Standard 2.3 §14"
 */
public enum EpcScheme {
    /** SGTIN with a numeric serial below 2^38. */
    SGTIN_96(0x30, 96, EpcKey.SGTIN, 44, ReferenceForm.DIGITS, SerialForm.NUMBER, 38),
    /** SGTIN with any serial. */
    SGTIN_198(0x36, 198, EpcKey.SGTIN, 44, ReferenceForm.DIGITS, SerialForm.SEVEN_BIT, 20),
    /** SSCC. */
    SSCC_96(0x31, 96, EpcKey.SSCC, 58, ReferenceForm.DIGITS, SerialForm.NONE, 0),
    /** SGLN with a numeric extension below 2^41. */
    SGLN_96(0x32, 96, EpcKey.SGLN, 41, ReferenceForm.DIGITS, SerialForm.NUMBER, 41),
    /** SGLN with any extension. */
    SGLN_195(0x39, 195, EpcKey.SGLN, 41, ReferenceForm.DIGITS, SerialForm.SEVEN_BIT, 20),
    /** GRAI with a numeric serial below 2^38. */
    GRAI_96(0x33, 96, EpcKey.GRAI, 44, ReferenceForm.DIGITS, SerialForm.NUMBER, 38),
    /** GRAI with any serial. */
    GRAI_170(0x37, 170, EpcKey.GRAI, 44, ReferenceForm.DIGITS, SerialForm.SEVEN_BIT, 16),
    /** GIAI with a numeric reference. */
    GIAI_96(0x34, 96, EpcKey.GIAI, 82, ReferenceForm.NUMBER, SerialForm.NONE, 0),
    /** GIAI with any reference. */
    GIAI_202(0x38, 202, EpcKey.GIAI, 188, ReferenceForm.SEVEN_BIT, SerialForm.NONE, 0),
    /** GSRN of a recipient. */
    GSRN_96(0x2D, 96, EpcKey.GSRN, 58, ReferenceForm.DIGITS, SerialForm.NONE, 0),
    /** GSRN of a provider. */
    GSRNP_96(0x2E, 96, EpcKey.GSRNP, 58, ReferenceForm.DIGITS, SerialForm.NONE, 0),
    /** GDTI with a numeric serial below 2^41. */
    GDTI_96(0x2C, 96, EpcKey.GDTI, 41, ReferenceForm.DIGITS, SerialForm.NUMBER, 41),
    /** GDTI with any serial. */
    GDTI_174(0x3E, 174, EpcKey.GDTI, 41, ReferenceForm.DIGITS, SerialForm.SEVEN_BIT, 17),
    /** SGCN; a 1 in front of the serial keeps its leading zeros. */
    SGCN_96(0x3F, 96, EpcKey.SGCN, 41, ReferenceForm.DIGITS, SerialForm.ONE_AND_NUMBER, 41),
    /** CPI with a numeric reference. */
    CPI_96(0x3C, 96, EpcKey.CPI, 51, ReferenceForm.NUMBER, SerialForm.NUMBER, 31),
    /** CPI with any reference; as long as that reference makes it. */
    CPI_VAR(0x3D, 0, EpcKey.CPI, 0, ReferenceForm.SIX_BIT, SerialForm.NUMBER, 40),
    /** ITIP with a numeric serial below 2^38. */
    ITIP_110(0x40, 110, EpcKey.ITIP, 44, ReferenceForm.DIGITS, SerialForm.NUMBER, 38),
    /** ITIP with any serial. */
    ITIP_212(0x41, 212, EpcKey.ITIP, 44, ReferenceForm.DIGITS, SerialForm.SEVEN_BIT, 20);

    /** The highest partition. */
    public static final int MAX_PARTITION = EpcKey.MAX_COMPANY_DIGITS - EpcKey.MIN_COMPANY_DIGITS;
    /** The highest filter. */
    public static final int MAX_FILTER = 7;
    /** Bits in front of the company prefix: header, filter and partition. */
    public static final int PREAMBLE_BITS = 14;
    /** Bits of piece and of total in an ITIP. */
    public static final int PIECE_BITS = 7;

    private static final int[] COMPANY_BITS = {40, 37, 34, 30, 27, 24, 20};
    private static final @Nullable EpcScheme[] BY_HEADER = byHeaders();

    private final String tagName;
    private final int header;
    private final int bits;
    private final EpcKey key;
    private final int companyAndReferenceBits;
    private final ReferenceForm referenceForm;
    private final SerialForm serialForm;
    private final int serialSize;

    EpcScheme(
            int header,
            int bits,
            EpcKey key,
            int companyAndReferenceBits,
            ReferenceForm referenceForm,
            SerialForm serialForm,
            int serialSize) {
        this.tagName = key.urn() + (bits == 0 ? "-var" : "-" + bits);
        this.header = header;
        this.bits = bits;
        this.key = key;
        this.companyAndReferenceBits = companyAndReferenceBits;
        this.referenceForm = referenceForm;
        this.serialForm = serialForm;
        this.serialSize = serialSize;
    }

    /** How a reference is written. */
    public enum ReferenceForm {
        /** A number, zero-padded to the digits that the company prefix leaves. */
        DIGITS,
        /** A number as it is. */
        NUMBER,
        /** Characters of seven bits. */
        SEVEN_BIT,
        /** Characters of six bits and six zero bits. */
        SIX_BIT
    }

    /** How a serial is written. */
    public enum SerialForm {
        /** Not at all. */
        NONE,
        /** A number of so many bits. */
        NUMBER,
        /** A number of so many bits whose first digit, 1, is not part of the serial. */
        ONE_AND_NUMBER,
        /** So many characters of seven bits. */
        SEVEN_BIT
    }

    /** Finds a layout by the first octet, or null. */
    public static @Nullable EpcScheme byHeader(int header) {
        return BY_HEADER[header & 0xff];
    }

    /** Finds a layout by its name in tag URIs, {@code sgtin-96}, or null. */
    public static @Nullable EpcScheme byTagName(String name) {
        for (EpcScheme scheme : values()) {
            if (scheme.tagName.equals(name)) {
                return scheme;
            }
        }
        return null;
    }

    private static @Nullable EpcScheme[] byHeaders() {
        @Nullable EpcScheme[] table = new EpcScheme[256];
        for (EpcScheme scheme : values()) {
            table[scheme.header] = scheme;
        }
        return table;
    }

    /** Name in tag URIs, {@code sgtin-96}. */
    public String tagName() {
        return tagName;
    }

    /** First octet. */
    public int header() {
        return header;
    }

    /** Length, 0 if it varies. */
    public int bits() {
        return bits;
    }

    /** What it identifies. */
    public EpcKey key() {
        return key;
    }

    /** How the reference is written. */
    public ReferenceForm referenceForm() {
        return referenceForm;
    }

    /** How the serial is written. */
    public SerialForm serialForm() {
        return serialForm;
    }

    /** Bits of a numeric serial, characters of a text one. */
    public int serialSize() {
        return serialSize;
    }

    /** Bits of a company prefix of 12 − {@code partition} digits. */
    public static int companyBits(int partition) {
        return COMPANY_BITS[partition];
    }

    /** Bits of the reference beside such a company prefix; not for {@link ReferenceForm#SIX_BIT}. */
    public int referenceBits(int partition) {
        return companyAndReferenceBits - COMPANY_BITS[partition];
    }

    /** The highest reference of {@link ReferenceForm#NUMBER} beside such a company prefix. */
    public long maxReference(int partition) {
        // CPI-96 limits the digits to 3 beside the longest prefix; others only the bits
        return key == EpcKey.CPI ? EpcKey.powerOfTen(3 + partition) - 1 : (1L << referenceBits(partition)) - 1;
    }

    /** What a filter value means for this key, for people. */
    public String filterMeaning(int filter) {
        String[] meanings = switch (key) {
            case SGTIN, ITIP ->
                new String[] {
                    "all others",
                    "point of sale item",
                    "full case for transport",
                    "reserved",
                    "inner pack",
                    "reserved",
                    "unit load",
                    "unit inside item or component"
                };
            case SSCC ->
                new String[] {
                    "all others", "reserved", "full case for transport", "reserved", "reserved", "reserved", "unit load"
                };
            case GDTI -> new String[] {"all others", "travel document"};
            case SGLN, GRAI, GIAI, GSRN, GSRNP, SGCN, CPI, UPUI, GINC, GSIN, PGLN -> new String[] {"all others"};
        };
        return filter < meanings.length ? meanings[filter] : "reserved";
    }
}
