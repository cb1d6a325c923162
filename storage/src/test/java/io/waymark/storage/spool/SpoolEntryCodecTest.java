package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolEntryCodecTest {
    @Test
    void writesTheLayoutOctetByOctet() {
        SpoolMessage message = new SpoolMessage(
                "rd1",
                "t/é",
                2,
                0x19b3c4d5e00L,
                "text/plain",
                List.of("k", "v"),
                new byte[] {(byte) 0xca, (byte) 0xfe},
                "kiln");
        String expected = "02" // version
                + "02" // QoS
                + "0002" // property strings
                + "42708b06" // CRC32C of position 7 and the rest
                + "0000000000001000" // end offset
                + "0000019b3c4d5e00" // received at
                + "0003" // device id length
                + "0004" // topic length, é takes two
                + "000a" // content type length
                + "0004" // group length
                + "00000002" // payload length
                + "0000000000000009" // number in the group
                + "726431" // rd1
                + "742fc3a9" // t/é
                + "746578742f706c61696e" // text/plain
                + "6b696c6e" // kiln
                + "00016b" // k
                + "000176" // v
                + "cafe"; // payload
        String actual = HexFormat.of().formatHex(sealed(message, 7, 4096));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void readsAnEntryWrittenBeforeThereWereGroups() throws Exception {
        byte[] entry = HexFormat.of()
                .parseHex("01" + "02" + "0002" + "587aac4d" + "0000000000001000" + "0000019b3c4d5e00" + "0003" + "0004"
                        + "000a" + "0000" + "00000002" + "726431" + "742fc3a9" + "746578742f706c61696e" + "00016b"
                        + "000176" + "cafe");
        SpoolMessage read = SpoolEntryCodec.decode(7, entry);
        assertThat(read.deviceId()).isEqualTo("rd1");
        assertThat(read.properties()).containsExactly("k", "v");
        assertThat(read.payload()).containsExactly(0xca, 0xfe);
        assertThat(read.group()).isEqualTo(SpoolMessage.NO_GROUP);
        assertThat(read.number()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 987654321})
    void readsBackWhatItWrote(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            SpoolMessage message = message(random);
            long position = random.nextLong(1, Long.MAX_VALUE);
            byte[] entry = sealed(message, position, 1L << random.nextInt(62));
            assertThat(SpoolEntryCodec.decode(position, entry))
                    .as("seed %d, message %d", seed, i)
                    .usingRecursiveComparison()
                    .ignoringFields("number")
                    .isEqualTo(message);
        }
    }

    @Test
    void refusesAnEntryCutAtEveryByte() {
        byte[] entry = sealed(message(new Random(5)), 3, 100);
        for (int length = 0; length < entry.length; length++) {
            byte[] cut = Arrays.copyOf(entry, length);
            assertThatThrownBy(() -> SpoolEntryCodec.decode(3, cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(DamagedEntryException.class);
        }
    }

    @Test
    void refusesAnEntryWithAnyBitTurned() {
        byte[] entry = sealed(message(new Random(6)), 3, 100);
        for (int bit = 0; bit < entry.length * 8; bit++) {
            byte[] turned = entry.clone();
            turned[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> SpoolEntryCodec.decode(3, turned))
                    .as("bit %d", bit)
                    .isInstanceOf(DamagedEntryException.class);
        }
    }

    /** The checksum is right and everything else is not: what a faulty writer would leave. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void refusesNonsenseUnderARightChecksum(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] entry = sealed(message(random), 3, 100);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                entry[random.nextInt(SpoolEntryCodec.DEVICE_LENGTH_OFFSET, SpoolEntryCodec.HEADER_BYTES)] =
                        (byte) random.nextInt();
            }
            seal(entry, 3, 100);
            try {
                SpoolEntryCodec.decode(3, entry);
            } catch (DamagedEntryException expected) {
                assertThat(expected).hasMessageMatching("(needs|says) .*");
            }
        }
    }

    @Test
    void refusesAnEntryUnderAnotherPosition() {
        byte[] entry = sealed(message(new Random(7)), 3, 100);
        assertThatThrownBy(() -> SpoolEntryCodec.decode(4, entry))
                .isInstanceOf(DamagedEntryException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void refusesAnUnknownVersionByItsNumber() {
        byte[] entry = sealed(message(new Random(8)), 3, 100);
        entry[SpoolEntryCodec.VERSION_OFFSET] = 3;
        assertThatThrownBy(() -> SpoolEntryCodec.decode(3, entry))
                .hasMessage("has version 3 but only 1 to 2 are known");
    }

    @Test
    void refusesToWriteWhatTheLayoutCannotSay() {
        String tooLong = "x".repeat(65_536);
        assertThatThrownBy(() -> SpoolEntryCodec.encode(message(tooLong, "t", 0, List.of(), 0)))
                .hasMessage("device id must be at most 65535 bytes but was 65536");
        assertThatThrownBy(() -> SpoolEntryCodec.encode(message("d", tooLong, 0, List.of(), 0)))
                .hasMessage("topic must be at most 65535 bytes but was 65536");
        assertThatThrownBy(() -> SpoolEntryCodec.encode(message("d", "t", 3, List.of(), 0)))
                .hasMessage("QoS must be in 0..2 but was 3");
        assertThatThrownBy(() -> SpoolEntryCodec.encode(message("d", "t", 0, List.of("odd"), 0)))
                .hasMessageEndingWith("but were 1");
        assertThatThrownBy(() -> SpoolEntryCodec.encode(message("d", "t", 0, List.of(), 32 << 20)))
                .hasMessage("spool entry must be at most 33554432 bytes but was 33554478");
        assertThat(SpoolEntryCodec.encode(message("x".repeat(65_535), "t", 2, Collections.nCopies(65_534, ""), 0)))
                .isNotEmpty();
    }

    static byte[] sealed(SpoolMessage message, long position, long endOffset) {
        byte[] entry = SpoolEntryCodec.encode(message);
        seal(entry, position, endOffset);
        return entry;
    }

    private static void seal(byte[] entry, long position, long endOffset) {
        SpoolEntryCodec.seal(ByteBuffer.wrap(entry), position, endOffset, 9, new CRC32C());
    }

    private static SpoolMessage message(String device, String topic, int qos, List<String> properties, int payload) {
        return new SpoolMessage(device, topic, qos, 0, "", properties, new byte[payload]);
    }

    private static SpoolMessage message(Random random) {
        List<String> properties = new ArrayList<>();
        for (int n = 2 * random.nextInt(3); n > 0; n--) {
            properties.add(text(random));
        }
        byte[] payload = new byte[random.nextInt(300)];
        random.nextBytes(payload);
        return new SpoolMessage(
                text(random),
                text(random),
                random.nextInt(3),
                random.nextLong(),
                text(random),
                properties,
                payload,
                text(random));
    }

    private static String text(Random random) {
        String[] alphabet = {"a", "/", "é", "茶", "😀", " "};
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(20); n > 0; n--) {
            text.append(alphabet[random.nextInt(alphabet.length)]);
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
