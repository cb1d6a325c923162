package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Recognition.Carrier;
import io.waymark.identifier.Recognition.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecognizerTest {
    private static final String GS = "\u001d";

    @ParameterizedTest
    @CsvSource({
        "88.118.8/abc123, HANDLE_NAME, 88.118.8/ABC123",
        "88.118.8/a/b c?d, HANDLE_NAME, 88.118.8/A/B C?D",
        "0.NA/88.118.8, HANDLE_NAME, 0.NA/88.118.8",
        "hdl:88.118.8/x, HANDLE_NAME, 88.118.8/X",
        "(01)09506000134352(21)6789, BRACKETED_ELEMENT_STRING, https://id.gs1.org/01/09506000134352/21/6789",
        "0109506000134352216789, ELEMENT_STRING, https://id.gs1.org/01/09506000134352/21/6789",
        "010950600013435221123456, ELEMENT_STRING, https://id.gs1.org/01/09506000134352/21/123456",
        "]C100095201234567891235, ELEMENT_STRING, https://id.gs1.org/00/095201234567891235",
        "00095201234567891235, ELEMENT_STRING, https://id.gs1.org/00/095201234567891235",
        "]E06901234567892, BARE_NUMBER, https://id.gs1.org/01/06901234567892",
        "]Q1https://a/01/09506000134352, DIGITAL_LINK, https://id.gs1.org/01/09506000134352",
        "]A088.118.8/x, HANDLE_NAME, 88.118.8/X",
        "https://example.com/x/01/9506000134352/21/6789?k=v, DIGITAL_LINK, https://id.gs1.org/01/09506000134352/21/6789",
        "HtTp://a/01/09506000134352, DIGITAL_LINK, https://id.gs1.org/01/09506000134352",
        "HTTPS://Example.com/Home, OTHER, url:https://example.com/Home",
        "https://example.com/01/about, OTHER, url:https://example.com/01/about",
        "urn:epc:id:sgtin:95060001343.05.6789, EPC_URN, https://id.gs1.org/01/09506000134352/21/6789",
        "urn:epc:tag:sgtin-96:3.95060001343.05.6789, EPC_URN, https://id.gs1.org/01/09506000134352/21/6789",
        "3066C4409047E14000001A85, EPC_HEX, https://id.gs1.org/01/09506000134352/21/6789",
        "e28011606000020964a0b5c5, EPC_HEX, raw_epc:96.xE28011606000020964A0B5C5",
        "urn:oid:1.2.156, OTHER, oid:1.2.156",
        "1.2.156.3088.1, OTHER, oid:1.2.156.3088.1",
        "2.999.1, OTHER, oid:2.999.1",
        "1m8gdm9axkp042788, OTHER, vin:1M8GDM9AXKP042788",
        "ma.156.M0.123456.12345678.SX1, OTHER, ma:MA.156.M0.123456.12345678.SX1",
        "81234567890123456789, OTHER, drug_code:81234567890123456789",
        "6901234567892, BARE_NUMBER, https://id.gs1.org/01/06901234567892",
        "416000336108, BARE_NUMBER, https://id.gs1.org/01/00416000336108",
        "02345673, BARE_NUMBER, https://id.gs1.org/01/00000002345673",
        "09506000134352, BARE_NUMBER, https://id.gs1.org/01/09506000134352"
    })
    void saysWhatAScanIs(String scan, Carrier carrier, String canonical) throws Exception {
        Recognition found = Recognizer.recognize(scan);

        assertThat(found.identifier().canonical()).isEqualTo(canonical);
        assertThat(found.carrier()).isEqualTo(carrier);
        assertThat(found.fields()).isNotEmpty();
        assertThat(Recognizer.recognize(canonical).identifier()).isEqualTo(found.identifier());
    }

    @Test
    void oneThingByTagMatrixLinkAndUrnIsOneIdentity() throws Exception {
        Identifier tag = Recognizer.recognize("3066C4409047E14000001A85").identifier();
        Identifier matrix = Recognizer.recognize("]d2010950600013435210LOT7" + GS + "216789")
                .identifier();
        Identifier link = Recognizer.recognize("http://shop.example/01/9506000134352/10/LOT7/21/6789")
                .identifier();
        Identifier urn =
                Recognizer.recognize("urn:epc:id:sgtin:95060001343.05.6789").identifier();

        assertThat(matrix).isEqualTo(tag).isEqualTo(link).isEqualTo(urn);
    }

    @Test
    void showsElementsWithTheirTitles() throws Exception {
        assertThat(Recognizer.recognize("(01)09506000134352(17)271231").fields())
                .containsExactly(
                        new Field("GTIN", "09506000134352", "AI 01"), new Field("USE BY or EXPIRY", "271231", "AI 17"));
    }

    @Test
    void readsCompositeSymbols() throws Exception {
        Recognition found = Recognizer.recognize("]E02112345678900|]e099COMPOSITE" + GS + "98XYZ");

        assertThat(found.identifier()).isEqualTo(Gs1Key.of("01", "02112345678900"));
        assertThat(found.fields()).hasSize(3);
    }

    @Test
    void ignoresWhiteSpaceAround() throws Exception {
        assertThat(Recognizer.recognize(" 6901234567892\r\n").carrier()).isEqualTo(Carrier.BARE_NUMBER);
    }

    @ParameterizedTest
    @CsvSource({
        "'', the code is empty",
        "hello, \"hello\" is no code of a known scheme",
        "]C1, element string is empty",
        "]Q1, nothing follows symbology identifier ]Q1",
        "]E06901234567893, must be 13 digits with a check digit",
        "(17)271231, holds attributes but no key",
        "https://example.com/01/09506000134353, AI 01 GTIN must end in its check digit 2",
        "https://, has no host",
        "urn:epc:id:gid:1.2.3, EPC scheme gid is no GS1 key",
        "urn:isbn:123, is no code of a known scheme",
        "6901234567893, GTIN 6901234567893 must end in check digit 2",
        "1M8GDM9AYKP042788, must have check digit X in ninth place but has Y",
        "1.2.0156, OID arc must be a number without leading zeros but was \"0156\"",
        "urn:oid:3.1, OID must begin with 0.0",
        "urn:oid:1.40.1, OID must begin with 0.0",
        "MA.15.x, MA code must be MA.country",
        "MA.156..x, has an empty or unprintable part",
        "88.118.8/, empty suffix",
        "vin:88.1/x, is no code of a known scheme"
    })
    void saysWhyItIsNone(String scan, String reason) {
        assertThatThrownBy(() -> Recognizer.recognize(scan))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void reasonsAreShortAndPrintable() {
        assertThatThrownBy(() -> Recognizer.recognize("a" + GS + "\nb\u007f"))
                .hasMessage("no GS1 application identifier begins \"a␝␊b\", at 0");
        assertThatThrownBy(() -> Recognizer.recognize("88" + "x".repeat(5000) + "/"))
                .satisfies(e -> assertThat(e.getMessage()).hasSize(401));
    }

    @Test
    void looksAtNothingTooLong() {
        assertThatThrownBy(() -> Recognizer.recognize("1".repeat(8193)))
                .hasMessage("a code must be at most 8192 characters but was 8193");
    }
}
