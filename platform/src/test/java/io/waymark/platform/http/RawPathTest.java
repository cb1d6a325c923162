package io.waymark.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawPathTest {
    @ParameterizedTest
    @CsvSource({
        "88.1/a, 88.1/a",
        "88.1%2Fa, 88.1/a",
        "88.1%2fa//b, 88.1/a//b",
        "a+b, a+b",
        "a%20b, a b",
        "%E8%8C%B6, 茶",
        "%2525, %25",
        "a;b=c, a;b=c"
    })
    void decodesOnce(String raw, String decoded) {
        assertThat(RawPath.decode(raw)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%1", "%zz", "a%2", "%-1", "%g0"})
    void refusesAPercentSignWithoutTwoDigits(String raw) {
        assertThatThrownBy(() -> RawPath.decode(raw))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("without two hexadecimal digits");
    }

    @Test
    void refusesOctetsThatAreNoUtf8() {
        assertThatThrownBy(() -> RawPath.decode("a%FFb"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no UTF-8");
    }
}
