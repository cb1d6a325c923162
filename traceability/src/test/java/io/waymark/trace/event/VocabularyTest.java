package io.waymark.trace.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
    @ParameterizedTest
    @CsvSource({
        "packing,packing",
        "urn:epcglobal:cbv:bizstep:packing,packing",
        "https://ref.gs1.org/cbv/BizStep-packing,packing",
        "https://example.com/steps/withering,https://example.com/steps/withering"
    })
    void everySpellingHasOneBareForm(String spelling, String bare) {
        assertThat(Vocabulary.BIZ_STEP.bare(spelling)).isEqualTo(bare);
        assertThat(Vocabulary.BIZ_STEP.accepts(bare)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "roasting", "Packing", "in_progress", "urn:epcglobal:cbv:bizstep:x", "urn:", "a b:c"})
    void refusesWhatIsNeitherWordNorUri(String value) {
        assertThat(Vocabulary.BIZ_STEP.accepts(value)).isFalse();
    }
}
