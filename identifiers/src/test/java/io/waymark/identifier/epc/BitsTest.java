package io.waymark.identifier.epc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class BitsTest {
    @Test
    void numbersReadBackAtAnyPlace(TestReporter reporter) {
        long seed = System.nanoTime();
        reporter.publishEntry("seed", String.valueOf(seed));
        Random random = new Random(seed);
        for (int run = 0; run < 5000; run++) {
            int offset = random.nextInt(20);
            int count = 1 + random.nextInt(63);
            long value = random.nextLong() & (Long.MAX_VALUE >>> (63 - count));
            byte[] bits = new BitWriter().zeros(offset).number(value, count).toWords();

            BitReader in = new BitReader(bits);
            assertThat(in.zeros(offset)).isTrue();
            assertThat(in.number(count)).isEqualTo(value);
            assertThat(in.zeros(in.remaining())).isTrue();
            assertThat(in.overrun()).isFalse();
        }
    }

    @Test
    void wordsArePaddedWithZeros() {
        assertThat(new BitWriter().number(1, 1).toWords()).containsExactly(0x80, 0);
        assertThat(new BitWriter().zeros(300).number(1, 1).toWords()).hasSize(38);
        assertThat(new BitWriter().toWords()).isEmpty();
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new BitWriter().number(4, 2)).hasMessage("4 does not fit in 2 bits");
        assertThatThrownBy(() -> new BitWriter().number(-1, 63)).hasMessage("-1 does not fit in 63 bits");
        assertThatThrownBy(() -> new BitWriter().sevenBitText("abc", 2)).hasMessageContaining("longer than 2");
    }

    @Test
    void readingBehindTheEndIsSeenAfterwards() {
        BitReader in = new BitReader(new byte[] {(byte) 0xff});
        assertThat(in.number(9)).isEqualTo(0x1fe);
        assertThat(in.overrun()).isTrue();
    }

    @Test
    void textReadsBack() {
        byte[] seven = new BitWriter().sevenBitText("32a/b", 20).toWords();
        byte[] six = new BitWriter().sixBitText("5PQ7/Z43").toWords();

        assertThat(new BitReader(seven).sevenBitText(20)).isEqualTo("32a/b");
        assertThat(new BitReader(six).sixBitText()).isEqualTo("5PQ7/Z43");
    }

    @Test
    void textWithCharactersBehindItsEndIsNone() {
        byte[] bits = new BitWriter().sevenBitText("a\0b", 3).toWords();
        assertThat(new BitReader(bits).sevenBitText(3)).isNull();
    }

    @Test
    void textWithoutEndOverruns() {
        BitReader in =
                new BitReader(new BitWriter().number(0b000001_000001_0000, 16).toWords());
        assertThat(in.sixBitText()).isEqualTo("AA");
        assertThat(in.overrun()).isTrue();
    }
}
