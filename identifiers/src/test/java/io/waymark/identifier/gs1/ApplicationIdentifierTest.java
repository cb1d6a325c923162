package io.waymark.identifier.gs1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ApplicationIdentifierTest {
    private static ApplicationIdentifier ai(String code) {
        return Objects.requireNonNull(ApplicationIdentifier.find(code), code);
    }

    @Test
    void everyIdentifierIsFoundByItsCode() {
        assertThat(ApplicationIdentifier.all()).hasSizeGreaterThan(500).allSatisfy(ai -> {
            assertThat(ApplicationIdentifier.find(ai.code())).isSameAs(ai);
            assertThat(ApplicationIdentifier.findAt(ai.code() + "0", 0)).isSameAs(ai);
        });
    }

    /** The two-digit table of the General Specifications, figure 7.8.5-2: whoever parses must know it. */
    @Test
    void fixedLengthFollowsFromTheFirstTwoDigits() {
        List<String> fixed = List.of(
                "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31", "32",
                "33", "34", "35", "36", "41");
        assertThat(ApplicationIdentifier.all())
                .allSatisfy(ai -> assertThat(ai.fixedLength())
                        .as(ai.toString())
                        .isEqualTo(fixed.contains(ai.code().substring(0, 2))));
    }

    @Test
    void rangesAreSpreadOut() {
        assertThat(ai("3103").title()).isEqualTo("NET WEIGHT (kg)");
        assertThat(ai("95").maxLength()).isEqualTo(90);
        assertThat(ApplicationIdentifier.find("3106")).isNull();
    }

    @Test
    void nothingElseIsFound() {
        for (String code : new String[] {"", "0", "04", "1", "89", "x1", "01x", "00000", "٠١"}) {
            assertThat(ApplicationIdentifier.find(code)).as(code).isNull();
        }
        assertThat(ApplicationIdentifier.findAt("0", 0)).isNull();
        assertThat(ApplicationIdentifier.findAt("310", 0)).isNull();
    }

    @Test
    void keysKnowTheirQualifiers() {
        assertThat(ai("01").qualifierOrders()).containsExactly(List.of("22", "10", "21"), List.of("235"));
        assertThat(ai("01").isQualifiedBy("235")).isTrue();
        assertThat(ai("00").isPrimaryKey()).isTrue();
        assertThat(ai("00").isQualifiedBy("21")).isFalse();
        assertThat(ai("17").isPrimaryKey()).isFalse();
    }

    @Test
    void violationsNameRuleAndPlace() {
        assertThat(ai("01").check("09506000134353"))
                .isEqualTo(new Violation("must end in its check digit 2, was \"09506000134353\"", 0));
        assertThat(ai("01").check("0950600013435"))
                .isEqualTo(new Violation("must have 14 characters from place 0 but \"0950600013435\" has 13", 0));
        assertThat(ai("21").check("ab c"))
                .isEqualTo(new Violation("must be characters of GS1 set 82 but has U+20 at 2 of \"ab c\"", 2));
        assertThat(ai("20").check("123")).isEqualTo(new Violation("must be at most 2 characters but \"123\" has 3", 2));
        assertThat(ai("11").check("261301"))
                .isEqualTo(new Violation("must be a date YYMMDD or YYMM00, was \"261301\"", 0));
        assertThat(ai("21").check("")).isNotNull();
    }

    @Test
    void valuesOfSeveralPartsAreCheckedInOrder() {
        ApplicationIdentifier grai = ai("8003");
        assertThat(grai.check("0952114112345432a/b")).isNull();
        assertThat(grai.check("09521141123454")).isNull();
        assertThat(grai.check("1952114112345432a/b")).isEqualTo(new Violation("must be zero, was \"1\"", 0));
        assertThat(ai("7007").check("211225211231")).isNull();
        assertThat(ai("7007").check("2112252")).isNotNull();
        assertThat(ai("8030").check("abc-_w==")).isNotNull();
        assertThat(ai("8030").check("abc-_w")).isNull();
    }
}
