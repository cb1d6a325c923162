package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waymark.platform.cli.NodeConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @CsvSource({
        "88.118.8/k%07d, 42, 88.118.8/k0000042",
        "88.118.8/k%07d, 123456789, 88.118.8/k123456789",
        "a/%d/t, 0, a/0/t",
        "a/%d, 10, a/10",
        "a/%018d, 9, a/000000000000000009"
    })
    void writesWhatFormatWrites(String pattern, long n, String expected) {
        NamePattern parsed = NamePattern.parse(pattern);
        Names names = Names.numbered(parsed, UnaryOperator.identity(), () -> n);
        ByteBuffer out = ByteBuffer.allocate(names.maxBytes());
        names.putNext(out);

        assertThat(new String(out.array(), 0, out.position(), StandardCharsets.UTF_8))
                .isEqualTo(expected);
        assertThat(parsed.format(n)).isEqualTo(expected);
    }

    @Test
    void encodesTheFixedParts() {
        Names names = Names.numbered(NamePattern.parse("88.118.8/岩茶 %d"), NodeConnection::encode, () -> 7);
        ByteBuffer out = ByteBuffer.allocate(names.maxBytes());
        names.putNext(out);

        assertThat(new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII))
                .isEqualTo("88.118.8/%E5%B2%A9%E8%8C%B6%207");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "88.118.8/k", "%d%d", "%s", "%7d", "%019d", "%00d", "100%/%d"})
    void refusesOtherPatterns(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> NamePattern.parse(pattern));
    }
}
