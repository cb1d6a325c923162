package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Recognition.Field;
import io.waymark.identifier.epc.EpcScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpcBinaryTest {
    /** TDS Annex E; the first is E.1's worked example. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "3066C4409047E14000001A85, 3, 11, (01)09506000134352(21)6789",
                "3066C4409047E140075BCD15, 3, 11, (01)09506000134352(21)123456789",
                "311BA1B300CE0A6A83000000, 0, 6, (00)095201234567891235",
                "3976451FD46072CD9615F8800000000000000000000000000000, 3, 7, (414)9521141123454(254)32a/b",
                "3776451FD40C0E59B2C2BF1000000000000000000000, 3, 7, (8003)0952114112345432a/b",
                "3876451FD59B2C2BF10000000000000000000000000000000000, 3, 7, (8004)952114132a/b",
                "2E76451FD4499602D2000000, 3, 7, (8017)952114112345678906",
                "3E76451FD7039B061438997367D0C18B266D1AB66EE0, 3, 7, (253)9521141987650ABCDefgh012345678",
                "3D76451FD75411DEF6B4CC00000003039000, 3, 7, (8010)95211415PQ7/Z43(8011)12345",
                "4176451FD40C0E4082DBDD8B36600000000000000000000000000000, 3, 7, (8006)095211411234540102(21)mw133"
            })
    void readsAndWritesTheExamplesOfTheStandard(String hex, int filter, int companyDigits, String bracketed)
            throws Exception {
        Gs1Key key = ElementString.parse(bracketed).key().orElseThrow();
        EpcTag tag = EpcBinary.decode(hex);

        assertThat(tag.identifier()).isEqualTo(key);
        assertThat(tag.filter()).isEqualTo(filter);
        assertThat(tag.companyDigits()).isEqualTo(companyDigits);
        assertThat(tag.problem()).isEmpty();
        assertThat(EpcBinary.encode(tag.scheme().orElseThrow(), filter, companyDigits, key))
                .isEqualTo(tag.bits());
    }

    /** TDS Annex E.3; host names behind the values are passed over. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "F73795211411234538566CB0AFC4, 3, (01)79521141123453(21)32a/b",
                "FD3795211411234538566CB0AFC525065F1876F0D996D800, 3, (01)79521141123453(21)32a/b",
                "EF009520123456789123592832F8C3B786CCB6C0, 0, (00)095201234567891235",
                "E9395211411234548566CB0AFC525065F1876F0D996D8000, 3, (414)9521141123454(254)32a/b",
                "EB3095211411234548566CB0AFC525065F1876F0D996D800, 3, (8003)0952114112345432a/b",
                "EE3952114132E83C2BF1494197C61DBC3665B600, 3, (8004)952114132a/b",
                "F43952114112345678906000, 3, (8018)952114112345678906",
                "EA395211411234540458BA4A0CBE30EDE1B32DB0, 3, (253)95211411234545678",
                "E6395211415E87A145BAFB4D19A8C0E64A0CBE30EDE1B32DB000, 3, (8010)95211415PQ7/Z43(8011)12345",
                "F83952114167890950933800, 3, (255)952114167890904711",
                "ED309521141123454010266AE27FDF3592832F8C3B786CCB6C00, 3, (8006)095211411234540102(21)rif981"
            })
    void readsLayoutsOfTheSecondGeneration(String hex, int filter, String bracketed) throws Exception {
        EpcTag tag = EpcBinary.decode(hex);

        assertThat(tag.identifier())
                .isEqualTo(ElementString.parse(bracketed).key().orElseThrow());
        assertThat(tag.filter()).isEqualTo(filter);
        assertThat(EpcUri.of(tag)).isEqualTo("urn:epc:raw:" + hex.length() * 4 + ".x" + hex);
        assertThat(tag.fields()).extracting(Field::name).startsWith("Header", "More data", "Filter");
    }

    @Test
    void showsPlacesInLayoutsOfTheSecondGeneration() throws Exception {
        assertThat(EpcBinary.decode("F73795211411234538566CB0AFC4").fields())
                .containsExactly(
                        new Field("Header", "F7", "bits 0–7, SGTIN+"),
                        new Field("More data", "0", "bits 8–8"),
                        new Field("Filter", "3", "bits 9–11"),
                        new Field("GTIN", "79521141123453", "bits 12–67, AI 01"),
                        new Field("SERIAL", "32a/b", "bits 68–110, AI 21"));
    }

    @ParameterizedTest
    @CsvSource({
        "F7379521141123459 38566CB0AFC4, a wrong check digit",
        "F737952114112345A38566CB0AFC4000, a nibble that is no digit",
        "F73795211411234538566CB0AFC40001, bits behind the end",
        "F73795211411234538566CB0, an end before the serial's",
        "F7379521141123453C566CB0AFC40000, an encoding that does not exist"
    })
    void keepsBrokenLayoutsOfTheSecondGenerationRaw(String hex, String because) throws Exception {
        String digits = hex.replace(" ", "");
        EpcTag tag = EpcBinary.decode(digits + "0".repeat(digits.length() % 2));

        assertThat(tag.identifier().scheme()).as(because).isEqualTo(Scheme.RAW_EPC);
        assertThat(tag.problem()).isEqualTo("the bits break the layout SGTIN+");
    }

    @Test
    void showsItsPartsWithTheirPlaces() throws Exception {
        assertThat(EpcBinary.decode("3066c4409047e14000001a85").fields())
                .containsExactly(
                        new Field("Header", "30", "bits 0–7, SGTIN-96"),
                        new Field("Filter", "3", "bits 8–10, reserved"),
                        new Field("Partition", "1", "bits 11–13, company prefix of 11 digits"),
                        new Field("Company prefix", "95060001343", "bits 14–50"),
                        new Field("Reference", "05", "bits 51–57"),
                        new Field("Serial", "6789", "bits 58–95"),
                        new Field("GTIN", "09506000134352", "AI 01"),
                        new Field("SERIAL", "6789", "AI 21"));
    }

    @Test
    void locationsWithoutExtensionHaveNone() throws Exception {
        Gs1Key location = Gs1Key.of("414", "9521141123454");
        byte[] bits = EpcBinary.encode(EpcScheme.SGLN_96, 0, 7, location);

        assertThat(EpcBinary.decode(bits).identifier()).isEqualTo(location);
        assertThat(EpcUri.of(EpcBinary.decode(bits))).isEqualTo("urn:epc:tag:sgln-96:0.9521141.12345.0");
    }

    @Test
    void couponSerialsKeepTheirLeadingZeros() throws Exception {
        Gs1Key coupon = Gs1Key.of("255", "9521141678909" + "0047");

        assertThat(EpcBinary.decode(EpcBinary.encode(EpcScheme.SGCN_96, 0, 7, coupon))
                        .identifier())
                .isEqualTo(coupon);
    }

    @ParameterizedTest
    @CsvSource({
        "E28011606000020964A0B5C5, header E2 is no layout that is decoded",
        "00, header 00 is no layout that is decoded",
        "3066C440, sgtin-96 has 96 bits but got 32",
        "307EC4409047E14000001A85, partition must be in 0..6 but was 7",
        "3063FFFFFFFFE14000001A85, company prefix 1099511627768 has more than 12 digits",
        "3066C4409047FFC000001A85, reference 127 has more than 2 digits",
        "311BA1B300CE0A6A83000001, the bits behind the EPC must be zero",
        "3066C4409047E14000001A850001, the bits behind the EPC must be zero",
        "3676451FD40C0E000000000000000000000000000000000000000000, serial is empty or has a character behind its end",
        "3676451FD40C0E59B2C2BF100000000000000000000000000001, the bits behind the EPC must be zero",
        "3D76451FD75411DEF6B4, cpi-var ends before its serial"
    })
    void keepsWhatIsNoEpcRawAndSaysWhy(String hex, String problem) throws Exception {
        EpcTag tag = EpcBinary.decode(hex);

        assertThat(tag.identifier()).isEqualTo(new OtherCode(Scheme.RAW_EPC, hex.length() * 4 + ".x" + hex));
        assertThat(tag.scheme()).isEmpty();
        assertThat(tag.problem()).startsWith(problem);
        assertThat(tag.fields()).hasSize(2);
    }

    @Test
    void refusesWhatIsNoHexOrTooLong() {
        assertThatThrownBy(() -> EpcBinary.decode("30G6")).hasMessageContaining("no even number of hexadecimal digits");
        assertThatThrownBy(() -> EpcBinary.decode("306")).isInstanceOf(MalformedIdentifierException.class);
        assertThatThrownBy(() -> EpcBinary.decode("")).hasMessageContaining("1 to 62 octets but got 0");
        assertThatThrownBy(() -> EpcBinary.decode(new byte[63])).hasMessageContaining("but got 63");
    }

    @Test
    void refusesToWriteWhatDoesNotFit() {
        assertUnwritable(EpcScheme.SGTIN_96, "(01)09506000134352(21)007", "no number without leading zeros");
        assertUnwritable(EpcScheme.SGTIN_96, "(01)09506000134352(21)274877906944", "does not fit in 38 bits");
        assertUnwritable(EpcScheme.SGTIN_96, "(01)09506000134352(21)1A", "no number");
        assertUnwritable(EpcScheme.SGTIN_96, "(01)09506000134352(10)LOT", "needs a serial");
        assertUnwritable(EpcScheme.SSCC_96, "(01)09506000134352(21)1", "sscc is made of AI 00 but the key is AI 01");
        assertUnwritable(EpcScheme.GIAI_96, "(8004)95060001343", "no company prefix of 11 digits");
    }

    private static void assertUnwritable(EpcScheme scheme, String bracketed, String reason) {
        assertThatThrownBy(() -> EpcBinary.encode(
                        scheme, 0, 11, ElementString.parse(bracketed).key().orElseThrow()))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void refusesImpossibleFiltersAndPrefixes() {
        Gs1Key key = Gs1Key.of("01", "09506000134352", "21", "1");

        assertThatThrownBy(() -> EpcBinary.encode(EpcScheme.SGTIN_96, 8, 7, key))
                .hasMessage("filter must be in 0..7 but was 8");
        assertThatThrownBy(() -> EpcBinary.encode(EpcScheme.SGTIN_96, 0, 5, key))
                .hasMessage("company prefix must have 6..12 digits but had 5");
    }
}
