package io.waymark.identifier.epc;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.epc.PlusLayout.Contents;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Each way of packing text, written by hand from TDS 2.3 §14.5.6. */
class PlusLayoutTest {
    private static final int SGTIN = 0xF7;

    /** An SGTIN+ up to its serial. */
    private static BitWriter tag() {
        return new BitWriter().number(SGTIN, 8).number(0, 1).number(5, 3).number(0x09506000134352L, 56);
    }

    private static String serial(BitWriter bits) {
        Contents contents = Objects.requireNonNull(
                Objects.requireNonNull(PlusLayout.byHeader(SGTIN)).read(bits.toWords()));
        assertThat(contents.filter()).isEqualTo(5);
        assertThat(contents.values().get(0).value()).isEqualTo("09506000134352");
        return contents.values().get(1).value();
    }

    @Test
    void readsNumbersWithTheirLeadingZeros() {
        assertThat(serial(tag().number(0, 3).number(5, 5).number(4711, 17))).isEqualTo("04711");
        // 10^20 - 1 in 67 bits
        assertThat(serial(tag().number(0, 3).number(20, 5).number(0xA, 4).number(0x6BC75E2D630FFFFFL, 63)))
                .isEqualTo("9".repeat(20));
    }

    @Test
    void readsHexadecimalOfEitherCase() {
        assertThat(serial(tag().number(1, 3).number(4, 5).number(0xBEEF, 16))).isEqualTo("BEEF");
        assertThat(serial(tag().number(2, 3).number(4, 5).number(0xBEEF, 16))).isEqualTo("beef");
    }

    @Test
    void readsBase64() {
        assertThat(serial(tag().number(3, 3)
                        .number(3, 5)
                        .number(0, 6)
                        .number(26, 6)
                        .number(63, 6)))
                .isEqualTo("Aa_");
    }

    @Test
    void readsAscii() {
        assertThat(serial(tag().number(4, 3).number(2, 5).number('/', 7).number('a', 7)))
                .isEqualTo("/a");
    }

    @Test
    void readsUrnCode40() {
        int abc = 1600 + 40 * 2 + 3 + 1; // A = 1, B = 2, C = 3
        int d = 1600 * 4 + 1; // D and two fillers
        assertThat(serial(tag().number(5, 3).number(4, 5).number(abc, 16).number(d, 16)))
                .isEqualTo("ABCD");
    }

    @Test
    void refusesNumbersBeyondTheirDigits() {
        byte[] bits = tag().number(0, 3).number(1, 5).number(10, 4).toWords();
        assertThat(Objects.requireNonNull(PlusLayout.byHeader(SGTIN)).read(bits))
                .isNull();
    }

    @Test
    void passesOverDatesHostsAndAdditionalData() {
        BitWriter dated =
                new BitWriter().number(0xFB, 8).number(1, 1).number(0, 3).number(0x41234, 20);
        dated.number(0x09506000134352L, 56)
                .number(2, 3)
                .number(1, 5)
                .number(7, 4)
                .number(0x17, 8);

        Contents contents = Objects.requireNonNull(
                Objects.requireNonNull(PlusLayout.byHeader(0xFB)).read(dated.toWords()));
        assertThat(contents.layout()).isEqualTo(PlusLayout.DSGTIN);
        assertThat(contents.values()).extracting(PlusLayout.Value::value).containsExactly("09506000134352", "7");
    }

    @Test
    void headersOfNoLayoutAreNone() {
        assertThat(PlusLayout.byHeader(0xE2)).isNull();
        assertThat(PlusLayout.byHeader(0xFF)).isNull();
        assertThat(PlusLayout.values())
                .allSatisfy(layout -> assertThat(layout.read(new byte[0])).isNull());
    }
}
