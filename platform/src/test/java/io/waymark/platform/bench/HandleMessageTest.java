package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HandleMessageTest {
    private static final long NOW = 0x6a000000L - 12 * 3600;
    private static final Names ABC123 = Names.listed(List.of("88.118.8/ABC123"), UnaryOperator.identity(), () -> 0);

    /** The reference client's octets for the same question. */
    @Test
    void writesAPlainRequest() {
        assertThat(octets(new HandleMessage(List.of(), List.of(), NOW))).isEqualTo("""
                        020b020b 00000000 01020304 00000000 00000037
                        00000001 00000000 19000000 0001 00 00 6a000000 0000001b
                        0000000f 38382e3131382e382f414243313233 00000000 00000000
                        00000000
                        """.replaceAll("\\s", ""));
    }

    @Test
    void asksForTypesAndIndexes() {
        String octets = octets(new HandleMessage(List.of("URL"), List.of(100), NOW));

        assertThat(octets)
                .contains("00000026" + "0000000f")
                .endsWith("00000001000000640000000100000003" + "55524c" + "00000000");
    }

    @Test
    void neverNeedsMoreRoomThanItSays() {
        HandleMessage message = new HandleMessage(List.of("URL", "号"), List.of(1, 2), NOW);

        assertThat(octets(message).length() / 2).isLessThanOrEqualTo(message.maxBytes(ABC123));
    }

    private static String octets(HandleMessage message) {
        ByteBuffer out = ByteBuffer.allocate(message.maxBytes(ABC123));
        message.put(out, 0x01020304, ABC123);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }
}
