package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ElementStringTest {
    private static final String SCANNED = "010950600013435210LOT7\u001d1727123121ab(10)c";
    private static final String BRACKETED = "(01)09506000134352(10)LOT7(17)271231(21)ab\\(10)c";

    @Test
    void readsBothWritings() throws Exception {
        assertThat(ElementString.parse(SCANNED)).isEqualTo(ElementString.parse(BRACKETED));
    }

    @Test
    void writesBothWritings() throws Exception {
        assertThat(ElementString.parse(BRACKETED).scanned()).isEqualTo(SCANNED);
        assertThat(ElementString.parse(SCANNED).bracketed()).isEqualTo(BRACKETED);
    }

    @Test
    void readsBehindSymbologyIdentifiers() throws Exception {
        for (String symbology : new String[] {"]C1", "]e0", "]d2", "]Q3", "]J1"}) {
            assertThat(ElementString.parse(symbology + SCANNED)).isEqualTo(ElementString.parse(SCANNED));
        }
    }

    @Test
    void toleratesSeparatorsAroundAndBehindFixedLengths() throws Exception {
        assertThat(ElementString.parse("\u001d0109506000134352\u001d10LOT7\u001d")
                        .bracketed())
                .isEqualTo("(01)09506000134352(10)LOT7");
    }

    @Test
    void choosesTheFinestQualifiers() throws Exception {
        assertThat(key("(10)L(21)S(01)09506000134352")).isEqualTo("https://id.gs1.org/01/09506000134352/21/S");
        assertThat(key("(01)09506000134352(235)T(10)L")).isEqualTo("https://id.gs1.org/01/09506000134352/235/T");
        assertThat(key("(01)09506000134352(10)L(17)271231")).isEqualTo("https://id.gs1.org/01/09506000134352/10/L");
        assertThat(key("(414)9521141123454(254)32a")).isEqualTo("https://id.gs1.org/414/9521141123454/254/32a");
    }

    private static String key(String bracketed) throws MalformedIdentifierException {
        return ElementString.parse(bracketed).key().orElseThrow().canonical();
    }

    @Test
    void attributesAloneNameNothing() throws Exception {
        assertThat(ElementString.parse("(17)271231(10)L").key()).isEmpty();
    }

    @Test
    void refusalsTellAiRuleAndPlace() {
        assertRefused("(01)09506000134353", "AI 01 GTIN must end in its check digit 2");
        assertRefused("0109506000134352890", "no GS1 application identifier begins \"890\", at 16");
        assertRefused("(10)A(10)B", "AI 10 comes twice, with \"A\" and \"B\"");
        assertRefused("01095060001343", "must have 14 characters");
        assertRefused("(01", "expected an application identifier in parentheses at 0");
        assertRefused("\u001d", "element string is empty");
        assertRefused("(10)" + "x".repeat(8200), "at most 8192 characters");
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> ElementString.parse(text))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void associationsAreAskedForAllSymbolsTogether() throws Exception {
        assertThat(problem("(02)09506000134352(37)12(00)095201234567891235")).isEmpty();
        assertThat(problem("(21)ABC")).isEqualTo("AI 21 SERIAL needs one of [[01], [03], [8006]]");
        assertThat(problem("(01)09506000134352(37)12")).startsWith("AI 01 GTIN must not stand with AI 37");
        assertThat(problem("(01)09506000134352(3100)000001(3103)000001")).contains("must not stand with");
        assertThat(problem("(253)9521141987650(8030)abc")).contains("needs a serial because AI 8030 signs it");
        assertThat(problem("(253)9521141987650X(8030)abc")).isEmpty();
    }

    private static String problem(String bracketed) throws MalformedIdentifierException {
        return ElementString.parse(bracketed).associationProblem().orElse("");
    }
}
