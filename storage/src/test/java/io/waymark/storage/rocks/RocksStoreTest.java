package io.waymark.storage.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.FamilySpec.Use;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RocksStoreTest {
    @TempDir
    Path directory;

    @Test
    void writesABatchInOrderAndAllOfIt() {
        try (RocksStore store = open("a", "b");
                RocksBatch batch = new RocksBatch()) {
            ColumnFamily a = store.family("a");
            batch.put(a, bytes("1"), bytes("x"));
            batch.put(store.family("b"), bytes("1"), bytes("y"));
            batch.deleteRange(a, bytes("0"), bytes("5"));
            batch.put(a, bytes("2"), bytes("z"));
            assertThat(batch.size()).isEqualTo(4);
            store.write(batch);
            assertThat(store.get(a, bytes("1"))).isNull();
            assertThat(store.get(a, bytes("2"))).isEqualTo(bytes("z"));
            assertThat(store.get(store.family("b"), bytes("1"))).isEqualTo(bytes("y"));
        }
    }

    /** Just opened, the store has a file's filter in memory; its blocks are there from the first read on. */
    @Test
    void asksOnlyMemoryWhereItMayNotWait() {
        ByteBuffer key =
                ByteBuffer.allocateDirect(9).put(bytes("__key-1__")).position(2).limit(7);
        ByteBuffer other = ByteBuffer.allocateDirect(5).put(bytes("key-2")).flip();
        ByteBuffer dst = ByteBuffer.allocateDirect(9).position(3);
        try (RocksStore store = open("a")) {
            put(store, store.family("a"), bytes("key-1"), "value");
            put(store, store.family("a"), bytes("key-3"), "other");
            assertThat(store.getCached(store.family("a"), key, dst)).isEqualTo(5);
        }
        open("a").close(); // writes what was in the log into a file
        try (RocksStore store = open("a")) {
            ColumnFamily a = store.family("a");
            assertThat(store.getCached(a, key, dst)).isEqualTo(RocksStore.NOT_CACHED);
            assertThat(store.getCached(a, other, dst)).isEqualTo(RocksStore.NOT_FOUND);
            assertThat(store.get(a, key, dst)).isEqualTo(5);
            assertThat(store.getCached(a, key, dst.put(5, (byte) 0))).isEqualTo(5);
            assertThat(dst.get(5)).isEqualTo((byte) 'l');
            assertThat(store.getCached(a, key, dst.limit(6))).isEqualTo(5);
            assertThat(key.position()).isEqualTo(2);
            assertThat(dst.position()).isEqualTo(3);
            assertThat(dst.limit()).isEqualTo(6);
        }
    }

    /** Filters, indexes and blocks push each other out of a cache that is too small for them: any of them may be missing. */
    @Test
    void neverTakesWhatIsNotInMemoryForWhatIs() {
        int records = 30_000;
        for (int round = 0; round < 6; round++) { // so many files that they are merged into one
            try (RocksStore store = open("a");
                    RocksBatch batch = new RocksBatch()) {
                for (int i = round; i < records; i += 6) {
                    batch.put(
                            store.family("a"),
                            bytes("key-" + (100_000 + i)),
                            bytes("value-" + i + "-" + "x".repeat(99)));
                }
                store.write(batch);
            }
        }
        Random random = new Random(20_261_122);
        ByteBuffer key = ByteBuffer.allocateDirect(10);
        ByteBuffer dst = ByteBuffer.allocateDirect(200);
        int cached = 0;
        int notCached = 0;
        for (int kib = 8; kib <= 512; kib *= 2) {
            RocksConfig config = new RocksConfig(
                    directory, List.of(new FamilySpec("a", Use.POINT_LOOKUP)), (long) kib << 10, 1 << 20);
            try (RocksStore store = RocksStore.open(config)) {
                for (int n = 0; n < 20_000; n++) {
                    int i = random.nextInt(records);
                    key.clear().put(bytes("key-" + (100_000 + i))).flip();
                    boolean mayWait = random.nextBoolean();
                    int length = mayWait
                            ? store.get(store.family("a"), key, dst)
                            : store.getCached(store.family("a"), key, dst);
                    if (length == RocksStore.NOT_CACHED && !mayWait) {
                        notCached++;
                    } else {
                        cached += mayWait ? 0 : 1;
                        byte[] value = new byte[Math.max(0, length)];
                        dst.get(0, value);
                        assertThat(new String(value, StandardCharsets.US_ASCII))
                                .as("%d with %d KiB", i, kib)
                                .isEqualTo("value-" + i + "-" + "x".repeat(99));
                    }
                }
            }
        }
        assertThat(cached).isGreaterThan(1_000);
        assertThat(notCached).isGreaterThan(1_000);
    }

    @Test
    void walksInUnsignedKeyOrderOverTheStateAtItsOpening() {
        try (RocksStore store = open("a")) {
            ColumnFamily a = store.family("a");
            put(store, a, new byte[] {(byte) 0x80}, "late");
            put(store, a, new byte[] {0x7f}, "early");
            try (Cursor cursor = store.cursor(a)) {
                put(store, a, new byte[] {0x7e}, "unseen");
                assertThat(cursor.seekFirst()).isTrue();
                assertThat(cursor.value()).isEqualTo(bytes("early"));
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.key()).containsExactly(0x80);
                assertThat(cursor.next()).isFalse();
                assertThat(cursor.seekLast()).isTrue();
                assertThat(cursor.seek(new byte[] {(byte) 0x81})).isFalse();
            }
        }
    }

    @Test
    void closesOnlyWhenReadersHaveLeft() {
        RocksStore store = open("a");
        put(store, store.family("a"), bytes("1"), "x");
        Cursor cursor = store.cursor(store.family("a"));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);
        // From here on nobody gets in, and the cursor still works.
        while (isOpen(store)) {
            Thread.onSpinWait();
        }
        assertThat(closing).isNotDone();
        assertThat(cursor.seekFirst()).isTrue();
        cursor.close();
        closing.join();
    }

    @Test
    void survivesCloseWhileManyRead() throws Exception {
        for (int round = 0; round < 20; round++) {
            RocksStore store = open("a");
            ColumnFamily a = store.family("a");
            put(store, a, bytes("k"), "value");
            CountDownLatch reading = new CountDownLatch(3);
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(CompletableFuture.runAsync(() -> readUntilClosed(store, a, reading)));
            }
            reading.await();
            store.close();
            for (CompletableFuture<Void> reader : readers) {
                reader.join();
            }
        }
    }

    @Test
    void refusesFamiliesItDoesNotKnow() {
        open("a", "future").close();
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot open " + directory)
                .hasMessageContaining("future");
    }

    @Test
    void saysWhichDirectoryCannotBeMade() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        RocksConfig config = new RocksConfig(file.resolve("store"), List.of(), 1 << 20, 1 << 20);
        assertThatThrownBy(() -> RocksStore.open(config))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot create directory " + file.resolve("store"));
    }

    @Test
    void saysWhichFileIsDamaged() throws Exception {
        open("a").close();
        Files.writeString(directory.resolve("CURRENT"), "nonsense\n");
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot open " + directory);
    }

    private static void readUntilClosed(RocksStore store, ColumnFamily family, CountDownLatch reading) {
        ByteBuffer key = ByteBuffer.allocateDirect(1).put((byte) 'k').flip();
        ByteBuffer dst = ByteBuffer.allocateDirect(16);
        try {
            for (int i = 0; ; i++) {
                assertThat(store.get(family, key, dst)).isEqualTo(5);
                if (i == 10) {
                    reading.countDown();
                }
            }
        } catch (IllegalStateException closed) {
            assertThat(closed).hasMessageContaining("is closed");
        }
    }

    private static boolean isOpen(RocksStore store) {
        try {
            store.estimatedKeys(store.family("a"));
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    private static void put(RocksStore store, ColumnFamily family, byte[] key, String value) {
        try (RocksBatch batch = new RocksBatch()) {
            batch.put(family, key, bytes(value));
            store.write(batch);
        }
    }

    private RocksStore open(String... families) {
        List<FamilySpec> specs = List.of(families).stream()
                .map(f -> new FamilySpec(f, Use.POINT_LOOKUP))
                .toList();
        return RocksStore.open(new RocksConfig(directory, specs, 1 << 20, 1 << 20));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
