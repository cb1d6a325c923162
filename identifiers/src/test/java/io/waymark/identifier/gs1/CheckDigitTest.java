package io.waymark.identifier.gs1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CheckDigitTest {
    @Test
    void endsNumbersOfEveryLength() {
        for (String number : new String[] {
            "02345673", "416000336108", "2112345678900", "09506000134352", "95201234567891235", "095201234567891235"
        }) {
            int last = number.length() - 1;
            boolean right = CheckDigit.of(number, 0, last) == number.charAt(last);
            assertThat(CheckDigit.isValid(number)).as(number).isEqualTo(right);
        }
        assertThat(CheckDigit.isValid("09506000134352")).isTrue();
        assertThat(CheckDigit.isValid("095201234567891235")).isTrue();
    }

    @Test
    void catchesEverySingleWrongDigit() {
        String gtin = "09506000134352";
        for (int at = 0; at < gtin.length(); at++) {
            for (char digit = '0'; digit <= '9'; digit++) {
                String changed = gtin.substring(0, at) + digit + gtin.substring(at + 1);
                assertThat(CheckDigit.isValid(changed)).as(changed).isEqualTo(changed.equals(gtin));
            }
        }
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThat(CheckDigit.isValid("")).isFalse();
        assertThat(CheckDigit.isValid("0950600013435X")).isFalse();
    }

    @Test
    void pairsEndAlphanumericKeys() {
        assertThat(CheckDigit.pairOf("1987654Ad4X4bL5ttr2310c")).isEqualTo("2K");
        assertThat(CheckDigit.isPairValid("1987654Ad4X4bL5ttr2310c2K")).isTrue();
        assertThat(CheckDigit.isPairValid("1987654Ad4X4bL5ttr2310c2X")).isFalse();
        assertThat(CheckDigit.isPairValid("2")).isFalse();
        assertThat(CheckDigit.isPairValid("茶22")).isFalse();
    }

    @Test
    void pairsCoverAtMost97Characters() {
        assertThat(CheckDigit.pairOf("1".repeat(97))).hasSize(2);
        assertThatThrownBy(() -> CheckDigit.pairOf("1".repeat(98)))
                .hasMessageContaining("at most 97 characters but got 98");
    }
}
