package io.waymark.storage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceGroupCodecTest {
    private static final DeviceGroup GROUP = new DeviceGroup(
            "drying",
            Optional.of(List.of(new Rule(true, true, false, "a/#"), new Rule(false, true, true, "é"))),
            new Quota(1, 2, 3, 4, 5, 6),
            0x0102030405060708L);

    @Test
    void writesTheLayoutOctetByOctet() {
        assertThat(HexFormat.of().formatHex(DeviceGroupCodec.encode(GROUP)))
                .isEqualTo(
                        "01" // version
                                + "0102030405060708" // created at
                                + "00000001" // connections
                                + "00000002" // connections of a device
                                + "0000000000000003" // messages
                                + "0000000000000004" // bytes
                                + "0000000000000005" // messages of a device
                                + "0000000000000006" // bytes of a device
                                + "01" // has rules of its own
                                + "0002" // two
                                + "03" // allows publishing
                                + "0003612f23" // a/#
                                + "06" // denies both
                                + "0002c3a9"); // é
    }

    @Test
    void readsBackWhatItWroteAlsoWithoutRules() {
        assertThat(DeviceGroupCodec.decode("drying", DeviceGroupCodec.encode(GROUP)))
                .isEqualTo(GROUP);
        for (Optional<List<Rule>> rules : List.of(Optional.<List<Rule>>empty(), Optional.of(List.<Rule>of()))) {
            DeviceGroup group = new DeviceGroup("g", rules, Quota.NONE, 7);
            assertThat(DeviceGroupCodec.decode("g", DeviceGroupCodec.encode(group)))
                    .isEqualTo(group);
        }
    }

    @Test
    void refusesAGroupCutAtEveryByteOrTooLong() {
        byte[] stored = DeviceGroupCodec.encode(GROUP);
        for (int length = 0; length <= stored.length + 1; length++) {
            byte[] cut = Arrays.copyOf(stored, length);
            if (length != stored.length) {
                assertThatThrownBy(() -> DeviceGroupCodec.decode("x", cut))
                        .as("%d bytes", length)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void readsBackWhenADeviceWasLastSeen() {
        LastSeen seen = new LastSeen(true, 1, "127.0.0.1:2", "MQTT 5.0", "é", 3);
        assertThat(LastSeen.decode(seen.encode())).isEqualTo(seen);
        byte[] cut = Arrays.copyOf(seen.encode(), 20);
        assertThatThrownBy(() -> LastSeen.decode(cut)).isInstanceOf(IllegalArgumentException.class);
    }
}
