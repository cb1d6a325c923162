package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStoreTest {
    @TempDir
    Path directory;

    @Test
    void readsARecordInWireFormByItsFoldedName() {
        try (RecordStore store = open()) {
            Handle handle = new Handle("20.500/Tea");
            List<HandleValue> values = List.of(HandleValue.text(1, "URL", "https://example.org", 17));
            store.apply(List.of(new RecordChange.Put(handle, values, List.of("gs1:01"))))
                    .join();
            assertThat(store.find(new Handle("20.500/TEA"))).contains(values);
            assertThat(store.findByAlias("gs1:01")).contains(handle);
            ByteBuffer dst = ByteBuffer.allocateDirect(512);
            int length = store.read(direct("20.500/TEA"), dst);
            assertThat(length).isPositive();
            assertThat(StoredRecord.allPublic(dst, 0)).isTrue();
            assertThat(store.read(direct("20.500/COFFEE"), dst)).isEqualTo(RecordStore.NOT_FOUND);
        }
    }

    private RecordStore open() {
        return RecordStore.open(RecordStoreConfig.defaults(directory), new SimpleMeterRegistry());
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
