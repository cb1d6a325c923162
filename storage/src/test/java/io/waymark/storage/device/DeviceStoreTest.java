package io.waymark.storage.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.StorageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceStoreTest {
    @TempDir
    Path directory;

    @Test
    void findsWhatWasPutAlsoAfterReopening() {
        Device device = new Device("tunnel-1", "$argon2id$v=19$secret", "factory", true, 1_764_000_000_000L);
        try (DeviceStore store = open()) {
            store.put(device);
            assertThat(store.find("tunnel-1")).contains(device);
        }
        try (DeviceStore store = open()) {
            assertThat(store.find("tunnel-1")).contains(device);
            assertThat(store.find("tunnel-2")).isEmpty();
        }
    }

    @Test
    void replacesAndDeletes() {
        try (DeviceStore store = open()) {
            store.put(device("a", true));
            store.put(device("a", false));
            assertThat(store.find("a")).contains(device("a", false));
            assertThat(store.delete("a")).isTrue();
            assertThat(store.delete("a")).isFalse();
            assertThat(store.find("a")).isEmpty();
        }
    }

    @Test
    void listsInOrderPageByPage() {
        try (DeviceStore store = open()) {
            List.of("b", "a", "c", "aa").forEach(id -> store.put(device(id, true)));
            assertThat(store.list("", 3)).extracting(Device::id).containsExactly("a", "aa", "b");
            assertThat(store.list("b", 3)).extracting(Device::id).containsExactly("c");
            assertThat(store.list("aab", 1)).extracting(Device::id).containsExactly("b");
            assertThat(store.list("c", 3)).isEmpty();
        }
    }

    @Test
    void refusesASecondOpenerAndSaysWhy() {
        try (DeviceStore first = open()) {
            assertThat(first.list("", 1)).isEmpty();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("locked by another process");
        }
    }

    @Test
    void refusesAnEmptyId() {
        try (DeviceStore store = open()) {
            assertThatThrownBy(() -> store.put(device("", true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("device id must be 1..65535 bytes but was 0");
        }
    }

    @Test
    void answersAfterCloseWithAnExceptionInsteadOfACrash() {
        DeviceStore store = open();
        store.close();
        assertThatThrownBy(() -> store.find("a")).isInstanceOf(IllegalStateException.class);
        store.close();
    }

    private DeviceStore open() {
        return DeviceStore.open(directory, new SimpleMeterRegistry());
    }

    private static Device device(String id, boolean enabled) {
        return new Device(id, "hash", "default", enabled, 7);
    }
}
