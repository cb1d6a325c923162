package io.waymark.trace.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Identifier;
import io.waymark.identifier.Recognizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {
    private static final String GS1 = "https://id.gs1.org";

    private static Subject of(String code) throws Exception {
        return Subject.of(Recognizer.recognize(code).identifier());
    }

    @ParameterizedTest
    @CsvSource({
        "(01)09506000134352(21)6789,                /01/09506000134352/21/6789,       INSTANCE,",
        "(01)09506000134352(10)L1(21)6789,          /01/09506000134352/21/6789,       INSTANCE, /01/09506000134352/10/L1",
        "(01)09506000134352(22)2A(10)L1(21)6789,    /01/09506000134352/21/6789,       INSTANCE, /01/09506000134352/10/L1",
        "(01)09506000134352(10)L1,                  /01/09506000134352/10/L1,         LOT,      /01/09506000134352",
        "(01)09506000134352(22)2A,                  /01/09506000134352,               CLASS,",
        "9506000134352,                             /01/09506000134352,               CLASS,",
        "(00)340123451111111111,                    /00/340123451111111111,           INSTANCE,",
        "(414)4012345000054(254)122,                /414/4012345000054/254/122,       INSTANCE,",
        "(8003)04012345000221,                      /8003/04012345000221,             CLASS,",
        "(8003)04012345000221334455,                /8003/04012345000221334455,       INSTANCE,",
        "(253)4012345000092,                        /253/4012345000092,               CLASS,",
        "(253)4012345000092PO-4711,                 /253/4012345000092PO-4711,        INSTANCE,"
    })
    void cutsKeysToTheirFinestLevel(String code, String path, Subject.Level level, @Nullable String parent)
            throws Exception {
        assertThat(of(code))
                .isEqualTo(new Subject(GS1 + path, GS1 + path, level, parent == null ? null : GS1 + parent));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "88.118.8/ABC123",
                "88.118.8/茶 叶/2026+1%25",
                "1.2.156.3088",
                "LSVAM4187C2184847",
                "E2801160600002054A1B2C3D",
                "https://www.example.com/p?id=7",
                "(01)09506000134352(21)a%22'b"
            })
    void uriLeadsBackToTheSameIdentity(String code) throws Exception {
        Subject subject = of(code);
        assertThat(Vocabulary.isUri(subject.uri())).as(subject.uri()).isTrue();

        String own = Subject.canonicalOf(subject.uri());
        assertThat(own == null ? of(subject.uri()).canonical() : own).isEqualTo(subject.canonical());
    }

    @Test
    void handlesCompareWithoutCase() throws Exception {
        assertThat(of("88.118.8/abc")).isEqualTo(of("88.118.8/ABC"));
    }

    @Test
    void classOfALotIsItsGtin() throws Exception {
        Subject lot = of("(01)09506000134352(10)A/10/B");

        assertThat(Subject.classOfLot(lot.canonical())).isEqualTo(GS1 + "/01/09506000134352");
        assertThat(Subject.classOfLot(GS1 + "/01/09506000134352/21/7")).isNull();
        assertThat(Subject.classOfLot("88.118.8/10/X")).isNull();
    }

    @Test
    void identifierOfEveryKindIsASubject() throws Exception {
        Identifier raw = Recognizer.recognize("E2801160600002054A1B2C3D").identifier();

        assertThat(Subject.of(raw).uri()).isEqualTo("urn:epc:raw:96.xE2801160600002054A1B2C3D");
    }
}
