package io.waymark.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A record store with N records {@code 88.118.8/K0000000…}: a URL that makes an answer of about 200 octets, and a model;
 * their prefix lives there too. */
final class RecordFixture implements AutoCloseable {
    private static final int CHUNK = 1000;
    private static final int WRITE_QUEUE_MAX = 65_536;
    private static final int TIMESTAMP = 0x69200000;

    private final BenchFolder folder;
    private final RecordStore store;
    private final RecordSource source;

    private RecordFixture(BenchFolder folder, RecordStore store, RecordSource source) {
        this.folder = folder;
        this.store = store;
        this.source = source;
    }

    static RecordFixture create(int records, RecordSource source) throws IOException, MalformedIdentifierException {
        BenchFolder folder = BenchFolder.create();
        try (RecordStore store = open(folder, RecordSource.BLOCKS)) {
            fill(store, records);
        }
        // Opened anew, the records lie in sorted files and not in the memory the writer still holds.
        return new RecordFixture(folder, open(folder, source), source);
    }

    private static RecordStore open(BenchFolder folder, RecordSource source) {
        return RecordStore.open(
                new RecordStoreConfig(
                        folder.path(), source.blockCacheBytes(), source.memoryTierBytes(), WRITE_QUEUE_MAX),
                new SimpleMeterRegistry());
    }

    private static void fill(RecordStore store, int records) throws MalformedIdentifierException {
        HandleValue described = HandleValue.text(1, "DESC", "the prefix lives here", TIMESTAMP);
        store.apply(List.of(new RecordChange.Put(Handle.parse("0.NA/88.118.8"), List.of(described), List.of())))
                .join();
        for (int first = 0; first < records; first += CHUNK) {
            List<RecordChange> changes = new ArrayList<>(CHUNK);
            for (int n = first; n < Math.min(records, first + CHUNK); n++) {
                changes.add(record(n));
            }
            store.apply(changes).join();
        }
    }

    private static RecordChange record(int n) throws MalformedIdentifierException {
        String name = String.format(Locale.ROOT, "88.118.8/K%07d", n);
        String url = "https://id.example.com/" + name + "?" + "x".repeat(33);
        return new RecordChange.Put(
                Handle.parse(name),
                List.of(HandleValue.text(1, "URL", url, TIMESTAMP), HandleValue.text(2, "MODEL", "CNC-5A", TIMESTAMP)),
                List.of());
    }

    Path directory() {
        return folder.path();
    }

    RecordStore store() {
        return store;
    }

    RecordSource source() {
        return source;
    }

    @Override
    public void close() {
        store.close();
        folder.close();
    }
}
