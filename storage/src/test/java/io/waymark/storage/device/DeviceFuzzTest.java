package io.waymark.storage.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged device or group is refused with the declared exception; a whole one is read as it was written. */
class DeviceFuzzTest {
    static Stream<byte[]> devices() {
        return Stream.of(
                DeviceCodec.encode(new Device("oven-7", "$argon2id$…", "", "g", true, 7, List.of("ab".repeat(32)))),
                DeviceCodec.encode(new Device("d", "", "", false, 0)));
    }

    @MethodSource("devices")
    @FuzzTest
    void devices(byte[] stored) {
        try {
            Device device = DeviceCodec.decode("oven-7", stored);
            assertThat(DeviceCodec.decode("oven-7", DeviceCodec.encode(device))).isEqualTo(device);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> groups() {
        DeviceGroup.Rule rule = new DeviceGroup.Rule(true, true, false, "plant/%u/#");
        return Stream.of(DeviceGroupCodec.encode(
                new DeviceGroup("g", Optional.of(List.of(rule)), new DeviceGroup.Quota(1, 2, 3, 4, 5, 6), 7)));
    }

    @MethodSource("groups")
    @FuzzTest
    void groups(byte[] stored) {
        try {
            DeviceGroup group = DeviceGroupCodec.decode("g", stored);
            assertThat(DeviceGroupCodec.decode("g", DeviceGroupCodec.encode(group)))
                    .isEqualTo(group);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
