package io.waymark.gateway.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any octets: a packet, a wish for more, or the one declared exception. */
class PacketFuzzTest {
    private static final byte[] CONNECT_3 = hex("100f00044d51545404 02 003c 0003616263");
    private static final byte[] CONNECT_5 = hex("101000044d51545405 02 003c 00 0003616263");
    private static final byte[][] SEEDS = {
        CONNECT_3,
        CONNECT_5,
        hex("1048 0004 4d515454 05 ee 0014 0d1100000e102100102700001388 0003616263"
                + "1318000000050101020000003c2600016b000176 000477696c6c 0003627965 000475736572 000470617373"),
        hex("3d2c 0003612f62 0102 20 0101 0200000005 0300026a73 08000172 090002ff00 230007 2600016b000176 7061"),
        hex("3205 000174 0001"),
        hex("820c 0001 030bac02 0003612f23 2e"),
        hex("a206 0001 0002612b"),
        hex("40050001 00 00"),
        hex("62020001"),
        hex("e007 00 05 1100000001"),
        hex("c000"),
        hex("f000")
    };

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @FuzzTest(maxDuration = "1m")
    void neverAnythingButThePacketOrTheDeclaredException(byte @NotNull [] octets, boolean five) {
        read(octets, five);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mutatedPacketsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] octets = SEEDS[random.nextInt(SEEDS.length)].clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            read(octets, random.nextBoolean());
        }
    }

    private static void read(byte[] octets, boolean five) {
        PacketDecoder decoder = new PacketDecoder();
        ByteBuf in = Unpooled.wrappedBuffer(five ? CONNECT_5 : CONNECT_3, octets);
        try {
            while (in.isReadable()) {
                int length = FrameCutter.lengthOf(in, 100_000);
                if (length == FrameCutter.UNKNOWN || length > in.readableBytes()) {
                    return;
                }
                int end = in.readerIndex() + length;
                Packet packet = decoder.decode(in, length);
                require(in.readerIndex() == end, "the decoder must stop at the end of the packet");
                sendOn(packet, decoder);
            }
        } catch (MalformedPacketException e) {
            require(e.reason().isError(), "a refusal must be an error");
        }
    }

    /** What can be read can be written. */
    private static void sendOn(Packet packet, PacketDecoder decoder) {
        if (packet.type() == PacketType.PUBLISH) {
            Publish publish = (Publish) packet;
            ByteBuf out = Unpooled.buffer();
            PacketEncoder.encode(publish, decoder.version(), out);
            require(
                    out.readableBytes() == PacketEncoder.sizeOf(publish, decoder.version()),
                    "the size must be known beforehand");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
