package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class Gs1KeyTest {
    private static final String GTIN = "09506000134352";

    @Test
    void canonicalSpellingIsALinkOfTheFinestQualifier() throws Exception {
        assertThat(key("(01)09506000134352(10)LOT7(21)32a/b").canonical())
                .isEqualTo("https://id.gs1.org/01/09506000134352/21/32a%2Fb");
        assertThat(Gs1Key.of("01", GTIN).canonical()).isEqualTo("https://id.gs1.org/01/09506000134352");
    }

    @Test
    void aLotBesideTheSerialMakesNoOtherThing() throws Exception {
        Gs1Key tag = Gs1Key.of("01", GTIN, "21", "6789");
        Gs1Key matrix = key("(01)09506000134352(10)LOT7(21)6789");

        assertThat(matrix).isEqualTo(tag).hasSameHashCodeAs(tag);
        assertThat(matrix.elements()).hasSize(3);
        assertThat(matrix).isNotEqualTo(key("(01)09506000134352(10)LOT7"));
    }

    @Test
    void walksUpFromSerialToLotToGtin() throws Exception {
        assertThat(key("(01)09506000134352(22)V2(10)LOT7(21)6789").broader())
                .extracting(Gs1Key::canonical)
                .containsExactly(
                        "https://id.gs1.org/01/09506000134352/10/LOT7",
                        "https://id.gs1.org/01/09506000134352/22/V2",
                        "https://id.gs1.org/01/09506000134352");
        assertThat(Gs1Key.of("01", GTIN).broader()).isEmpty();
    }

    @Test
    void walksUpFromSerialsThatArePartOfTheKey() throws Exception {
        assertThat(key("(8003)0952114112345432a/b").broader()).containsExactly(Gs1Key.of("8003", "09521141123454"));
        assertThat(key("(253)9521141987650ABC").broader()).containsExactly(Gs1Key.of("253", "9521141987650"));
        assertThat(key("(253)9521141987650").broader()).isEmpty();
    }

    @Test
    void needsAPrimaryElement() {
        assertThatThrownBy(() -> new Gs1Key(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Gs1Key key(String bracketed) throws MalformedIdentifierException {
        return ElementString.parse(bracketed).key().orElseThrow();
    }
}
