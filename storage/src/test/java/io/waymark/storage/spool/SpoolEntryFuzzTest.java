package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged entry is refused with the declared exception, also one whose checksum happens to be right. */
class SpoolEntryFuzzTest {
    private static final long POSITION = 7;

    private static byte[] sealed(byte[] entry) {
        byte[] copy = entry.clone();
        if (copy.length >= SpoolEntryCodec.HEADER_BYTES) {
            SpoolEntryCodec.seal(ByteBuffer.wrap(copy), POSITION, 1_000, 3, new CRC32C());
        }
        return copy;
    }

    static Stream<byte[]> entries() {
        return Stream.of(
                sealed(SpoolEntryCodec.encode(new SpoolMessage(
                        "oven-7", "plant/武", 2, 1L << 40, "a/b", List.of("k", "v"), new byte[9], "g"))),
                sealed(SpoolEntryCodec.encode(
                        new SpoolMessage("d", "t", 0, 0, "", List.of(), new byte[0], SpoolMessage.NO_GROUP))));
    }

    @MethodSource("entries")
    @FuzzTest
    void entries(byte[] stored) {
        read(stored);
        read(sealed(stored));
    }

    private static void read(byte[] stored) {
        try {
            SpoolMessage message = SpoolEntryCodec.decode(POSITION, stored);
            assertThat(message.payload().length).isLessThanOrEqualTo(stored.length);
            assertThat(message.topic().length()).isLessThanOrEqualTo(stored.length);
        } catch (DamagedEntryException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
