package io.waymark.trace.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UriTextTest {
    @ParameterizedTest
    @CsvSource({"a b,a%20b", "茶,%E8%8C%B6", "88.1/x?y,88.1/x%3Fy", "100%,100%25"})
    void encodesWhatIsNotPlain(String text, String encoded) {
        assertThat(UriText.encode(text, "/")).isEqualTo(encoded);
    }

    @ParameterizedTest
    @CsvSource({"%,%", "%4,%4", "%zz,%zz", "a%2Fb,a/b", "%2525,%25", "a+b,a+b"})
    void decodesOnceAndForgives(String text, String decoded) {
        assertThat(UriText.decode(text)).isEqualTo(decoded);
    }

    @Test
    void decodingUndoesEncoding() {
        Random random = new Random(20261122L);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(20);
            while (text.length() < length) {
                int c = random.nextInt(0x11000);
                text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
            }
            assertThat(UriText.decode(UriText.encode(text.toString(), "/:"))).isEqualTo(text.toString());
        }
    }
}
