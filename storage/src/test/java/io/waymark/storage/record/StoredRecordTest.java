package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredRecordTest {
    private static final HandleValue URL = HandleValue.text(1, "URL", "x", 0x0a0b0c0d);
    private static final HandleValue SECRET = new HandleValue(
            2,
            "HS_SECKEY",
            new byte[] {7},
            TimeToLive.DAY,
            1,
            Permissions.DEFAULT & ~Permissions.PUBLIC_READ,
            List.of());

    @Test
    void writesTheLayoutOctetByOctet() {
        String permissions = "%02x".formatted(Permissions.DEFAULT);
        assertThat(HexFormat.of().formatHex(StoredRecord.encode(new Handle("20/té"), List.of(URL))))
                .isEqualTo(
                        "01" // version
                                + "01" // all public
                                + "0006" // spelling length
                                + "32302f74c3a9" // 20/té
                                + "00000001" // value count
                                + "00000001" // index
                                + "0a0b0c0d" // timestamp
                                + "00" // ttl relative
                                + "00015180" // ttl a day
                                + permissions
                                + "0000000355524c" // URL
                                + "0000000178" // x
                                + "00000000"); // references
    }

    @Test
    void leavesOutASpellingThatIsTheKey() throws Exception {
        byte[] stored = StoredRecord.encode(new Handle("20.500/TEA-茶"), List.of(URL));
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        assertThat(StoredRecord.spellingLength(buffer, 0)).isZero();
        assertThat(StoredRecord.valuesOffset(buffer, 0)).isEqualTo(4);
        byte[] key = "20.500/TEA-茶".getBytes(StandardCharsets.UTF_8);
        assertThat(StoredRecord.handle(key, stored).text()).isEqualTo("20.500/TEA-茶");
    }

    @Test
    void keepsTheSpellingAndItsNonAsciiLetters() throws Exception {
        byte[] stored = StoredRecord.encode(new Handle("20.500/Tée"), List.of(URL));
        byte[] key = "20.500/TéE".getBytes(StandardCharsets.UTF_8);
        assertThat(StoredRecord.handle(key, stored).text()).isEqualTo("20.500/Tée");
        assertThat(StoredRecord.values(stored)).containsExactly(URL);
    }

    @Test
    void marksRecordsEverybodyMayReadWhole() {
        assertThat(flagged(List.of(URL))).isTrue();
        assertThat(flagged(List.of())).isTrue();
        assertThat(flagged(List.of(URL, SECRET))).isFalse();
    }

    @Test
    void pointsAtTheWireFormWhereverTheRecordStarts() {
        byte[] stored = StoredRecord.encode(new Handle("20/tea"), List.of(URL, SECRET));
        ByteBuffer buffer = ByteBuffer.allocate(100 + stored.length).put(77, stored);
        int values = StoredRecord.valuesOffset(buffer, 77);
        assertThat(Arrays.copyOfRange(buffer.array(), values, 77 + stored.length))
                .isEqualTo(HandleValueCodec.encodeList(List.of(URL, SECRET)));
        assertThat(StoredRecord.version(buffer, 77)).isEqualTo(1);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void refusesARecordCutAtEveryByte() {
        byte[] stored = StoredRecord.encode(new Handle("20/tea"), List.of(URL, SECRET));
        for (int length = 0; length < stored.length; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> StoredRecord.values(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void refusesAnUnknownVersionByItsNumber() {
        byte[] stored = StoredRecord.encode(new Handle("20/tea"), List.of(URL));
        stored[0] = 3;
        assertThatThrownBy(() -> StoredRecord.values(stored))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("stored record has version 3 but only 1 is known");
    }

    private static boolean flagged(List<HandleValue> values) {
        return StoredRecord.allPublic(ByteBuffer.wrap(StoredRecord.encode(new Handle("20/TEA"), values)), 0);
    }
}
