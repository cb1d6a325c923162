package io.waymark.identifier.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandleValueCodecTest {
    private static final HandleValue VALUE = new HandleValue(
            1,
            "URL",
            new byte[] {'h', 'i'},
            TimeToLive.DAY,
            0x6563A1F2,
            Permissions.DEFAULT,
            List.of(new ValueReference("0.NA/88", 300)));

    private static final byte[] GOLDEN = Octets.of(
            "00000001", // one value
            "00000001", // index
            "6563A1F2", // timestamp
            "00 00015180", // relative, a day
            "0E", // permissions
            "00000003 55524C", // URL
            "00000002 6869", // hi
            "00000001", // one reference
            "00000007 302E4E412F3838", // 0.NA/88
            "0000012C"); // 300

    @Test
    void writesTheDrawnLayout() {
        assertThat(HandleValueCodec.encodeList(List.of(VALUE))).isEqualTo(GOLDEN);
        assertThat(HandleValueCodec.encodedSize(VALUE)).isEqualTo(GOLDEN.length - 4);
        assertThat(GOLDEN[4 + HandleValueCodec.PERMISSIONS_OFFSET]).isEqualTo((byte) 0x0E);
    }

    @Test
    void readsTheDrawnLayoutAndStopsBehindIt() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(GOLDEN, GOLDEN.length + 5));

        assertThat(HandleValueCodec.decodeList(in)).containsExactly(VALUE);
        assertThat(in.remaining()).isEqualTo(5);
    }

    @Test
    void smallestValueHasTheDeclaredSize() {
        assertThat(HandleValueCodec.encodedSize(HandleValue.of(1, "", new byte[0], 0)))
                .isEqualTo(HandleValueCodec.MIN_BYTES);
    }

    @Test
    void refusesEveryCut() {
        for (int length = 0; length < GOLDEN.length; length++) {
            byte[] cut = Arrays.copyOf(GOLDEN, length);
            assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(cut)))
                    .as("%d octets", length)
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void refusesCountsBeyondTheBound() {
        assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(Octets.of("00000801"))))
                .hasMessage("value count must be in 0..2048 but was 2049");
        assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(Octets.of("FFFFFFFF"))))
                .hasMessage("value count must be in 0..2048 but was -1");
    }

    @Test
    void refusesIndexZeroAndStrangeTimesToLive() {
        assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(withOctet(7, 0))))
                .hasMessage("value index must be at least 1 but was 0");
        assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(withOctet(12, 2))))
                .hasMessage("ttl type must be 0 or 1 but was 2");
        assertThatThrownBy(() -> HandleValue.of(0, "URL", new byte[0], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("index must be at least 1 but was 0");
    }

    @Test
    void refusesTypesThatAreNoUtf8() {
        assertThatThrownBy(() -> HandleValueCodec.decodeList(ByteBuffer.wrap(withOctet(22, 0xff))))
                .hasMessage("type is no UTF-8");
    }

    @Test
    void listsReferencesAsHsVlistDoes() throws Exception {
        byte[] golden = Octets.of("00000001", "0000000E", "38382E3131382E382F41444D494E", "0000012C");
        List<ValueReference> references = List.of(new ValueReference("88.118.8/ADMIN", 300));

        assertThat(HandleValueCodec.encodeReferences(references)).isEqualTo(golden);
        assertThat(HandleValueCodec.decodeReferences(ByteBuffer.wrap(golden))).isEqualTo(references);
    }

    private static byte[] withOctet(int at, int value) {
        byte[] changed = GOLDEN.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
