package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.EpcUri.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpcUriTest {
    @ParameterizedTest
    @CsvSource({
        "urn:epc:id:sgtin:95060001343.05.6789, https://id.gs1.org/01/09506000134352/21/6789",
        "urn:epc:id:sgtin:95060001343.05.1.2%2F3, https://id.gs1.org/01/09506000134352/21/1.2%2F3",
        "urn:epc:id:sscc:952012.03456789123, https://id.gs1.org/00/095201234567891235",
        "urn:epc:id:sgln:9521141.12345.32a%2Fb, https://id.gs1.org/414/9521141123454/254/32a%2Fb",
        "urn:epc:id:sgln:9521141.12345.0, https://id.gs1.org/414/9521141123454",
        "urn:epc:id:sgln:952114112345..0, https://id.gs1.org/414/9521141123454",
        "urn:epc:id:grai:9521141.12345.32a%2Fb, https://id.gs1.org/8003/0952114112345432a%2Fb",
        "urn:epc:id:giai:9521141.32a%2Fb, https://id.gs1.org/8004/952114132a%2Fb",
        "urn:epc:id:gsrnp:9521141.1234567890, https://id.gs1.org/8017/952114112345678906",
        "urn:epc:id:gdti:9521141.98765.ABCDefgh012345678, https://id.gs1.org/253/9521141987650ABCDefgh012345678",
        "urn:epc:id:cpi:9521141.5PQ7%2FZ43.12345, https://id.gs1.org/8010/95211415PQ7%2FZ43/8011/12345",
        "urn:epc:id:itip:9521141.012345.01.02.mw133, https://id.gs1.org/8006/095211411234540102/21/mw133",
        "urn:epc:id:pgln:9521141.12345, https://id.gs1.org/417/9521141123454",
        "urn:epc:class:lgtin:95060001343.05.LOT%267, https://id.gs1.org/01/09506000134352/10/LOT%267",
        "urn:epc:idpat:sgtin:95060001343.05.*, https://id.gs1.org/01/09506000134352",
        "urn:epc:idpat:grai:9521141.12345.*, https://id.gs1.org/8003/09521141123454"
    })
    void readsAndWrites(String urn, String canonical) throws Exception {
        EpcUri read = EpcUri.parse(urn);

        assertThat(read.identifier().canonical()).isEqualTo(canonical);
        assertThat(EpcUri.of((Gs1Key) read.identifier(), read.companyDigits())).isEqualTo(urn);
    }

    @Test
    void readsTags() throws Exception {
        EpcUri tag = EpcUri.parse("URN:EPC:tag:sgtin-96:3.95060001343.05.6789");

        assertThat(tag.form()).isEqualTo(Form.TAG);
        assertThat(tag.tag().orElseThrow().hex()).isEqualTo("3066C4409047E14000001A85");
        assertThat(EpcUri.of(tag.tag().orElseThrow())).isEqualTo("urn:epc:tag:sgtin-96:3.95060001343.05.6789");
    }

    @Test
    void readsRawBitsAndSeesThroughThem() throws Exception {
        EpcUri strange = EpcUri.parse("urn:epc:raw:96.xE28011606000020964A0B5C5");
        EpcUri known = EpcUri.parse("urn:epc:raw:96.x3066C4409047E14000001A85");

        assertThat(strange.identifier()).isEqualTo(new OtherCode(Scheme.RAW_EPC, "96.xE28011606000020964A0B5C5"));
        assertThat(EpcUri.of(strange.tag().orElseThrow())).isEqualTo("urn:epc:raw:96.xE28011606000020964A0B5C5");
        assertThat(known.identifier()).isEqualTo(Gs1Key.of("01", "09506000134352", "21", "6789"));
    }

    @ParameterizedTest
    @CsvSource({
        "urn:oid:1.2, must begin with urn:epc:",
        "urn:epc:id:sgtin, must have a form",
        "urn:epc:foo:sgtin:1, form must be id",
        "urn:epc:id:gid:1.2.3, EPC scheme gid is no GS1 key",
        "urn:epc:id:sgtin:95060001343.05, must have 3 parts but has 2",
        "urn:epc:id:sgtin:95060001343.05., needs a serial",
        "urn:epc:id:sgtin:95060.0501343.1, company prefix must be 6..12 digits but was 95060",
        "urn:epc:id:sgtin:95060001343.5.1, reference must be 2 digits",
        "urn:epc:id:sgtin:95060001343.05.123456789012345678901, at most 20 characters",
        "urn:epc:id:sscc:952012.0345678912X, reference must be 11 digits",
        "urn:epc:class:grai:9521141.12345.1, EPC class must be lgtin",
        "urn:epc:idpat:sgtin:95060001343.*.*, reference must be 2 digits",
        "urn:epc:idpat:sgtin:95060001343.05.1, must leave just its serial open",
        "urn:epc:tag:sgtin-64:3.95060001343.05.1, layout sgtin-64 is not known",
        "urn:epc:tag:sgtin-96:9.95060001343.05.1, must begin with a filter 0–7",
        "urn:epc:tag:sgtin-96:3.95060001343.05.1A, is no sgtin-96",
        "urn:epc:raw:96.x30, raw EPC must be bits.xHEX",
        "urn:epc:raw:x, raw EPC must be bits.xHEX"
    })
    void refusesBrokenOnes(String urn, String reason) {
        assertThatThrownBy(() -> EpcUri.parse(urn))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void keysWithoutUrnSaySo() {
        Gs1Key model = Gs1Key.of("8013", "1987654Ad4X4bL5ttr2310c2K");
        assertThatThrownBy(() -> EpcUri.of(model, 7)).hasMessage("AI 8013 has no EPC URN");
    }
}
