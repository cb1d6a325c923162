package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStoreTest {
    @TempDir
    Path directory;

    private final ByteBuffer dst = ByteBuffer.allocateDirect(4096);
    private SimpleMeterRegistry metrics;
    private RecordStore store;

    @BeforeEach
    void open() {
        metrics = new SimpleMeterRegistry();
        store = RecordStore.open(RecordStoreConfig.defaults(directory), metrics);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void copiesTheWireFormToThePlaceAsked() {
        List<HandleValue> values = values("x");
        store.apply(List.of(put("20.500/Tea", values))).join();
        ByteBuffer key = direct("__20.500/TEA__").position(2).limit(12);
        dst.position(100).limit(200);
        int length = store.read(key, dst);
        assertThat(dst.position()).isEqualTo(100);
        assertThat(dst.limit()).isEqualTo(200);
        assertThat(key.position()).isEqualTo(2);
        assertThat(key.limit()).isEqualTo(12);
        byte[] wire = new byte[100 + length - StoredRecord.valuesOffset(dst, 100)];
        dst.get(StoredRecord.valuesOffset(dst, 100), wire);
        assertThat(wire).isEqualTo(HandleValueCodec.encodeList(values));
        assertThat(StoredRecord.allPublic(dst, 100)).isTrue();
    }

    @Test
    void tellsTheTrueLengthWhenThereIsNoRoom() {
        store.apply(List.of(put("20/TEA", values("x".repeat(500))))).join();
        int length = store.read(direct("20/TEA"), dst.clear());
        assertThat(length).isGreaterThan(500);
        dst.limit(10);
        for (int i = 0; i < 3; i++) {
            assertThat(store.read(direct("20/TEA"), dst)).isEqualTo(length);
            assertThat(dst.limit()).isEqualTo(10);
        }
    }

    @Test
    void fillsMemoryFromTheDiskUntilItIsFull() {
        List<RecordChange> changes = new ArrayList<>();
        for (int i = 0; i < 25_000; i++) {
            changes.add(put("20/Tea-" + (100_000 + i), values("x")));
        }
        store.apply(changes).join();
        assertThat(inMemory("20/TEA-100000")).isFalse();
        assertThat(store.preload()).isEqualTo(25_000);
        assertThat(inMemory("20/TEA-100000")).isTrue();
        assertThat(inMemory("20/TEA-124999")).isTrue();
        store.apply(List.of(put("20/TEA-100000", values("y")))).join();
        assertThat(inMemory("20/TEA-100000")).as("written since").isFalse();
        store.close();

        store = RecordStore.open(
                new RecordStoreConfig(directory, 1 << 20, 256 << 10, 30_000), new SimpleMeterRegistry());
        long kept = store.preload();
        assertThat(kept).isBetween(500L, 10_000L);
        assertThat(inMemory("20/TEA-100000")).isTrue();
        assertThat(inMemory("20/TEA-124999")).isFalse();
    }

    private boolean inMemory(String folded) {
        ByteBuffer key = direct(folded);
        return store.readMemory(store.hash(key), key, dst.clear()) != RecordStore.NOT_IN_MEMORY;
    }

    @Test
    void doesNotFindWhatIsNotThere() {
        assertThat(store.read(direct("20/TEA"), dst)).isEqualTo(RecordStore.NOT_FOUND);
        assertThat(store.find(new Handle("20/tea"))).isEmpty();
        assertThat(store.findByAlias("gs1:1")).isEmpty();
    }

    @Test
    void showsAChangeAsSoonAsItsFutureCompletes() {
        for (int i = 0; i < 50; i++) {
            store.apply(List.of(put("20/TEA", values("v" + i)))).join();
            assertThat(store.find(new Handle("20/tea"))).contains(values("v" + i));
            assertThat(read("20/TEA")).contains("v" + i);
        }
        store.apply(List.of(new RecordChange.Delete(new Handle("20/tea")))).join();
        assertThat(store.read(direct("20/TEA"), dst)).isEqualTo(RecordStore.NOT_FOUND);
    }

    @Test
    void keepsRecordsAndAliasesOverARestart() {
        store.apply(List.of(put("20.500/Tea", values("x"), "gs1:1", "gs1:2"))).join();
        store.close();
        open();
        assertThat(store.find(new Handle("20.500/tea"))).contains(values("x"));
        assertThat(store.findByAlias("gs1:2"))
                .hasValueSatisfying(h -> assertThat(h.text()).isEqualTo("20.500/Tea"));
        assertThat(store.estimatedCount()).isEqualTo(1);
    }

    @Test
    void dropsAliasesNoLongerListed() {
        store.apply(List.of(put("20/A", values("x"), "gs1:1", "gs1:2"))).join();
        store.apply(List.of(put("20/A", values("y"), "gs1:2", "gs1:3"))).join();
        assertThat(store.findByAlias("gs1:1")).isEmpty();
        assertThat(store.findByAlias("gs1:2")).contains(new Handle("20/A"));
        assertThat(store.findByAlias("gs1:3")).contains(new Handle("20/A"));
        store.apply(List.of(new RecordChange.Delete(new Handle("20/a")))).join();
        assertThat(store.findByAlias("gs1:2")).isEmpty();
        store.apply(List.of(put("20/B", values("z"), "gs1:3"))).join();
        assertThat(store.findByAlias("gs1:3")).contains(new Handle("20/B"));
    }

    @Test
    void refusesAnAliasHeldByAnotherRecordAndTheWholeUnitWithIt() {
        store.apply(List.of(put("20/a", values("x"), "gs1:1"))).join();
        CompletableFuture<Void> unit =
                store.apply(List.of(put("20/C", values("x")), put("20/B", values("x"), "gs1:1")));
        assertThatThrownBy(unit::join)
                .hasCauseInstanceOf(AliasTakenException.class)
                .cause()
                .hasMessage("gs1:1 already leads to the record 20/A and cannot also lead to 20/B")
                .satisfies(e -> assertThat(((AliasTakenException) e).holder()).isEqualTo("20/A"));
        assertThat(store.find(new Handle("20/B"))).isEmpty();
        assertThat(store.find(new Handle("20/C"))).isEmpty();
        assertThat(metrics.get("waymark.records.refused")
                        .tag("reason", "alias_taken")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesAnAliasClaimedTwiceInOneUnit() {
        CompletableFuture<Void> unit =
                store.apply(List.of(put("20/A", values("x"), "gs1:1"), put("20/B", values("x"), "gs1:1")));
        assertThatThrownBy(unit::join).hasCauseInstanceOf(AliasTakenException.class);
        assertThat(store.findByAlias("gs1:1")).isEmpty();
    }

    @Test
    void letsAnAliasMoveWithinAUnitWhicheverWayRound() {
        store.apply(List.of(put("20/A", values("x"), "gs1:1"))).join();
        store.apply(List.of(put("20/B", values("x"), "gs1:1"), put("20/A", values("x"))))
                .join();
        assertThat(store.findByAlias("gs1:1")).contains(new Handle("20/B"));
        store.apply(List.of(new RecordChange.Delete(new Handle("20/B")), put("20/A", values("x"), "gs1:1")))
                .join();
        assertThat(store.findByAlias("gs1:1")).contains(new Handle("20/A"));
    }

    /** Many units in few commits: each must see what the ones before it in the same commit did. */
    @Test
    void decidesEveryUnitOfACommitOnItsOwn() {
        List<CompletableFuture<Void>> units = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            units.add(store.apply(List.of(put("20/" + i, values("x"), "gs1:" + i / 2))));
        }
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Void> unit = units.get(i);
            if (i % 2 == 0) {
                unit.join();
            } else {
                assertThatThrownBy(unit::join).hasCauseInstanceOf(AliasTakenException.class);
            }
        }
        for (int i = 0; i < 100; i++) {
            assertThat(store.findByAlias("gs1:" + i)).contains(new Handle("20/" + 2 * i));
        }
    }

    @Test
    void countsTheLastOfSeveralChangesOfOneRecord() {
        store.apply(List.of(
                        put("20/a", values("1"), "gs1:1"),
                        new RecordChange.Delete(new Handle("20/A")),
                        put("20/A", values("2"), "gs1:2")))
                .join();
        assertThat(store.find(new Handle("20/a"))).contains(values("2"));
        assertThat(store.findByAlias("gs1:1")).isEmpty();
        assertThat(store.findByAlias("gs1:2")).isPresent();
    }

    @Test
    void listsOnePrefixInOrderPageByPage() {
        store.apply(List.of(put("20/b", values("")), put("20/A", values("")), put("20/c", values(""))))
                .join();
        store.apply(List.of(put("20.1/a", values("")), put("2/a", values("")), put("200/a", values(""))))
                .join();
        assertThat(list("20", "", 10)).containsExactly("20/A", "20/b", "20/c");
        assertThat(list("20", "20/A", 1)).containsExactly("20/b");
        assertThat(list("20", "20/AA", 9)).containsExactly("20/b", "20/c");
        assertThat(list("20", "20/C", 9)).isEmpty();
        assertThat(list("20", "1", 9)).hasSize(3);
        assertThat(list("20", "3", 9)).isEmpty();
        assertThat(list("20", "", 0)).isEmpty();
        assertThat(list("", "", 9)).containsExactly("2/a", "20.1/a", "20/A", "20/b", "20/c", "200/a");
    }

    @Test
    void findsAPrefixWrittenInSmallLetters() {
        store.apply(List.of(put("0.NA/20.abc", values("")))).join();
        assertThat(list("0.na", "", 9)).containsExactly("0.NA/20.abc");
    }

    @Test
    void refusesMoreChangesThanMayWait() {
        store.close();
        store = RecordStore.open(new RecordStoreConfig(directory, 1 << 20, 1 << 20, 3), metrics);
        CompletableFuture<Void> tooMany = store.apply(List.of(
                put("20/A", values("")), put("20/B", values("")), put("20/C", values("")), put("20/D", values(""))));
        assertThatThrownBy(tooMany::join)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("at most 3 record changes may wait, no room for 4 more");
        assertThat(metrics.get("waymark.records.refused")
                        .tag("reason", "queue")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void refusesChangesAfterClosing() {
        store.close();
        CompletableFuture<Void> late = store.apply(List.of(put("20/A", values(""))));
        assertThatThrownBy(late::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> store.read(direct("20/A"), dst)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAnEmptyAlias() {
        List<RecordChange> change = List.of(put("20/A", values(""), ""));
        assertThatThrownBy(() -> store.apply(change)).hasMessage("alias must be 1..65535 bytes but was 0");
    }

    @Test
    void refusesASecondOpenerAndSaysWhy() {
        assertThatThrownBy(() -> RecordStore.open(RecordStoreConfig.defaults(directory), metrics))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("locked by another process");
    }

    private String read(String folded) {
        int length = store.read(direct(folded), dst.clear());
        byte[] bytes = new byte[length];
        dst.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private List<String> list(String prefix, String after, int limit) {
        List<String> found = new ArrayList<>();
        store.list(prefix, after, limit, handle -> found.add(handle.text()));
        return found;
    }

    private static RecordChange put(String handle, List<HandleValue> values, String... aliases) {
        return new RecordChange.Put(new Handle(handle), values, List.of(aliases));
    }

    private static List<HandleValue> values(String data) {
        return Collections.singletonList(HandleValue.text(1, "URL", data, 17));
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
