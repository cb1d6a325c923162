package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HandleTest {
    @Test
    void splitsAtTheFirstSlash() throws Exception {
        Handle handle = Handle.parse("88.118.8/a/b");

        assertThat(handle.prefix()).isEqualTo("88.118.8");
        assertThat(handle.suffix()).isEqualTo("a/b");
        assertThat(handle.prefixHandle()).isEqualTo(new Handle("0.NA/88.118.8"));
    }

    @Test
    void comparesWithoutAsciiCaseAndKeepsItsSpelling() {
        Handle handle = new Handle("88.118.8/abcé");

        assertThat(handle).isEqualTo(new Handle("88.118.8/ABCé")).hasSameHashCodeAs(new Handle("88.118.8/ABCé"));
        assertThat(handle).isNotEqualTo(new Handle("88.118.8/ABCÉ"));
        assertThat(handle.canonical()).isEqualTo("88.118.8/ABCé");
        assertThat(handle).hasToString("88.118.8/abcé");
    }

    @Test
    void refusesNamesWithoutPrefixOrSuffix() {
        assertRefused("abc", "has no '/'");
        assertRefused("/abc", "empty prefix");
        assertRefused("88.118.8/", "empty suffix");
        assertRefused("88.118.8/a\nb", "control character U+a at 10");
    }

    @Test
    void isAtMost2048Utf8Octets() throws Exception {
        String longest = "88/" + "茶".repeat(681) + "xx"; // 3 + 681 × 3 + 2
        assertThat(Handle.parse(longest).text()).isEqualTo(longest);
        assertRefused(longest + "y", "at most 2048 bytes but was 2049");
        assertThatThrownBy(() -> new Handle(longest + "y")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> Handle.parse(text))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }
}
