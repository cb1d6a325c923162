package io.waymark.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.waymark.gateway.packet.ReasonCode;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameCutterTest {
    private static ByteBuf octets(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "c000, 2",
        "30 7f, 129",
        "30 8001, 131",
        "30 ff7f, 16386",
        "30 808001, 16388",
        "30 ffff7f, 2097155",
        "30 80808001, 2097157",
        "30 ffffff7f, 268435460"
    })
    void tellsTheLengthFromTheHeaderAlone(String header, int length) throws Exception {
        assertThat(FrameCutter.lengthOf(octets(header), Integer.MAX_VALUE)).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({"''", "30", "30 80", "30 8080", "30 808080"})
    void waitsForTheRestOfAHeader(String header) throws Exception {
        assertThat(FrameCutter.lengthOf(octets(header), Integer.MAX_VALUE)).isEqualTo(FrameCutter.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "00, MALFORMED_PACKET", // reserved type
        "36 00, MALFORMED_PACKET", // QoS 3
        "38 00, MALFORMED_PACKET", // DUP without QoS
        "60 02, MALFORMED_PACKET", // PUBREL needs flags 2
        "82 ffffffff, MALFORMED_PACKET", // fifth length octet
        "c0 8000, MALFORMED_PACKET", // 0 in two octets
        "30 8008, PACKET_TOO_LARGE" // 1024 octets behind the header
    })
    void refusesFromTheHeaderAlone(String header, ReasonCode reason) {
        assertThatThrownBy(() -> FrameCutter.lengthOf(octets(header), 1_000))
                .isInstanceOfSatisfying(
                        MalformedPacketException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void theBoundIsOnTheWholePacket() throws Exception {
        assertThat(FrameCutter.lengthOf(octets("30 8001"), 131)).isEqualTo(131);
        assertThatThrownBy(() -> FrameCutter.lengthOf(octets("30 8001"), 130))
                .hasMessage("packet must have at most 130 octets but has 131");
    }

    @Test
    void doesNotMoveTheReader() throws Exception {
        ByteBuf in = octets("ff c000 ff").skipBytes(1);
        assertThat(FrameCutter.lengthOf(in, 10)).isEqualTo(2);
        assertThat(in.readerIndex()).isEqualTo(1);
    }
}
