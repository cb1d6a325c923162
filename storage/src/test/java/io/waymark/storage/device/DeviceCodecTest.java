package io.waymark.storage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCodecTest {
    private static final Device DEVICE =
            new Device("tunnel-1", "$h", "$s", "é", true, 0x0102030405060708L, List.of("c", "d1"));

    @Test
    void writesTheLayoutOctetByOctet() {
        assertThat(HexFormat.of().formatHex(DeviceCodec.encode(DEVICE)))
                .isEqualTo(
                        "03" // version
                                + "01" // enabled
                                + "0102030405060708" // created at
                                + "0002" // hash length
                                + "2468" // $h
                                + "0002" // group length
                                + "c3a9" // é
                                + "0002" // verifier length
                                + "2473" // $s
                                + "0002" // certificates
                                + "000163" // c
                                + "00026431"); // d1
    }

    @Test
    void readsBackWhatItWrote() {
        assertThat(DeviceCodec.decode("tunnel-1", DeviceCodec.encode(DEVICE))).isEqualTo(DEVICE);
        Device disabled = new Device("x", "", "", false, -1);
        assertThat(DeviceCodec.decode("x", DeviceCodec.encode(disabled))).isEqualTo(disabled);
    }

    @Test
    void readsADeviceOfTheFirstVersionWhichHasNoVerifier() {
        byte[] first = HexFormat.of().parseHex("01010102030405060708000224680002c3a9");
        assertThat(DeviceCodec.decode("tunnel-1", first))
                .isEqualTo(new Device("tunnel-1", "$h", "", "é", true, 0x0102030405060708L));
    }

    @Test
    void readsADeviceOfTheSecondVersionWhichHasNoCertificates() {
        byte[] second = HexFormat.of().parseHex("02010102030405060708000224680002c3a900022473");
        assertThat(DeviceCodec.decode("tunnel-1", second)).isEqualTo(DEVICE.withCertificates(List.of()));
    }

    @Test
    void refusesADeviceCutAtEveryByteOrTooLong() {
        byte[] stored = DeviceCodec.encode(DEVICE);
        for (int length = 0; length <= stored.length + 1; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            if (length != stored.length) {
                assertThatThrownBy(() -> DeviceCodec.decode("x", cut))
                        .as("%d bytes", length)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void refusesAnUnknownVersionByItsNumber() {
        byte[] stored = DeviceCodec.encode(DEVICE);
        stored[0] = 9;
        assertThatThrownBy(() -> DeviceCodec.decode("x", stored)).hasMessage("has version 9 but only 1 to 3 are known");
    }

    @Test
    void refusesAGroupLongerThanItsLengthCanSay() {
        Device device = new Device("x", "", "g".repeat(65_536), true, 0);
        assertThatThrownBy(() -> DeviceCodec.encode(device))
                .hasMessage("group must be at most 65535 bytes but was 65536");
    }
}
