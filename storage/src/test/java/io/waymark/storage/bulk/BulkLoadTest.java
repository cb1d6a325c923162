package io.waymark.storage.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.StorageException;
import io.waymark.storage.record.Action;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.Outbox;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.record.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BulkLoadTest {
    private static final BulkPolicy STRICT = new BulkPolicy(false, false);
    private static final BulkPolicy SKIPPING = new BulkPolicy(false, true);
    private static final BulkPolicy OVERWRITING = new BulkPolicy(true, false);

    @TempDir
    Path directory;

    private RecordStore store;

    @BeforeEach
    void open() {
        RecordStoreConfig config = RecordStoreConfig.defaults(directory.resolve("records"))
                .with(new FeedPolicy(true, 1000, Duration.ofDays(1)));
        store = RecordStore.open(config, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Import input() {
        return new Import(directory.resolve("import"), 2);
    }

    private void register(String handle, String content, String... aliases) {
        store.apply(List.of(new RecordChange.Put(
                        new Handle(handle), List.of(HandleValue.text(1, "T", content, 0)), List.of(aliases))))
                .join();
    }

    private String content(String handle) {
        return store.find(new Handle(handle))
                .map(values -> values.get(0).dataText())
                .orElse("-");
    }

    private String holder(String code) {
        return store.findByAlias(code).map(Handle::text).orElse("-");
    }

    /** As the hot path reads, so that the memory tier keeps it. */
    private String hot(String handle) {
        byte[] key = new Handle(handle).canonical().getBytes(StandardCharsets.UTF_8);
        ByteBuffer in = ByteBuffer.allocateDirect(key.length).put(key).flip();
        ByteBuffer out = ByteBuffer.allocateDirect(1024);
        int length = store.read(in, out);
        byte[] stored = new byte[Math.max(0, length)];
        out.get(stored);
        return new String(stored, StandardCharsets.ISO_8859_1);
    }

    @Test
    void countsWhatItLoadsByPrefix() throws IOException {
        register("88.2/old", "former", "gs1:1");
        BulkResult result = input().line("88.1/b", "b")
                .line("88.2/OLD", "new")
                .line("88.1/a", "a")
                .line("88.2/refused", "x", "gs1:2")
                .line("88.1/c", "c", "gs1:2")
                .line("88.2/new", "y")
                .load(store, new BulkPolicy(true, true));
        assertThat(result.prefixes())
                .containsExactlyInAnyOrder(
                        new BulkResult.PrefixCount("88.1", 2, 0), new BulkResult.PrefixCount("88.2", 2, 1));
        assertThat(result.refused()).isEqualTo(1);
    }

    @Test
    void loadsRecordsInAnyOrderWithTheirCodes() throws IOException {
        BulkResult result = input().line("p/c", "3", "code:c", "code:d")
                .line("p/A", "1")
                .line("q/é", "4")
                .line("p/b", "2", "code:b")
                .load(store, STRICT);

        assertThat(result.loaded()).isTrue();
        assertThat(result.records()).isEqualTo(4);
        assertThat(List.of(content("p/a"), content("P/B"), content("p/c"), content("q/é")))
                .containsExactly("1", "2", "3", "4");
        assertThat(List.of(holder("code:b"), holder("code:c"), holder("code:d"), holder("code:e")))
                .containsExactly("p/b", "p/c", "p/c", "-");
        register("p/c", "now without codes");
        assertThat(holder("code:c")).isEqualTo("-");
    }

    @Test
    void aRefusedLineStopsEverything() throws IOException {
        register("p/there", "old");
        Import input =
                input().line("p/1", "x").line("p/There", "new").line("p/2", "y").line("P/1", "z");
        BulkResult result = input.load(store, STRICT);

        assertThat(result.loaded()).isFalse();
        assertThat(input.refusals(result))
                .containsExactly(
                        Map.entry(1, "handle P/THERE exists already"),
                        Map.entry(3, "handle P/1 is on an earlier line already"));
        assertThat(content("p/1")).isEqualTo("-");
        assertThat(content("p/there")).isEqualTo("old");
    }

    @Test
    void refusedLinesAreLeftOutIfWanted() throws IOException {
        register("p/there", "old", "taken");
        Import input = input().line("p/1", "x", "taken")
                .line("p/2", "y", "mine")
                .line("p/3", "z", "mine")
                .line("p/3", "again")
                .line("p/4", "w");
        BulkResult result = input.load(store, SKIPPING);

        assertThat(input.refusals(result))
                .containsExactly(
                        Map.entry(0, "taken already leads to the record P/THERE"),
                        Map.entry(2, "mine already leads to P/2 on an earlier line"),
                        Map.entry(3, "handle P/3 is on an earlier line already"));
        assertThat(List.of(content("p/1"), content("p/2"), content("p/3"), content("p/4")))
                .containsExactly("-", "y", "-", "w");
        assertThat(List.of(holder("taken"), holder("mine"))).containsExactly("p/there", "p/2");
    }

    @Test
    void overwritingReplacesRecordsAndTheirCodesAndTheLastLineCounts() throws IOException {
        register("p/a", "old a", "stays", "goes", "moves");
        register("p/b", "old b", "to c");
        assertThat(hot("p/a")).contains("old a");
        BulkResult result = input().line("p/a", "first", "never")
                .line("p/a", "new a", "stays", "to c")
                .line("p/b", "new b", "moves")
                .load(store, OVERWRITING);

        assertThat(result.loaded()).isTrue();
        assertThat(List.of(result.records(), result.replaced(), result.superseded()))
                .containsExactly(2L, 2L, 1L);
        assertThat(hot("p/a")).contains("new a");
        assertThat(List.of(holder("stays"), holder("to c"), holder("moves"), holder("goes"), holder("never")))
                .containsExactly("p/a", "p/a", "p/b", "-", "-");
    }

    @Test
    void whatWasReplacedIsHistoryAndTheFeedIsToldEachRecordOnce() throws IOException {
        register("p/a", "old a");
        register("p/gone", "old gone");
        store.apply(List.of(new RecordChange.Delete(new Handle("p/gone")))).join();
        long before = outbox().last();
        input().line("p/new", "n").line("p/a", "new a").line("p/gone", "back").load(store, OVERWRITING);

        List<Version> told = outbox().read(before + 1, 100, 1 << 20);
        assertThat(told)
                .extracting(
                        v -> v.sequence() - before,
                        v -> v.handle().text(),
                        Version::action,
                        v -> v.values().get(0).dataText())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, "p/gone", Action.CREATED, "back"),
                        org.assertj.core.groups.Tuple.tuple(2L, "p/new", Action.CREATED, "n"),
                        org.assertj.core.groups.Tuple.tuple(3L, "p/a", Action.REPLACED, "new a"));
        assertThat(store.history(new Handle("p/a"), Long.MAX_VALUE, 10))
                .extracting(Version::action)
                .containsExactly(Action.REPLACED, Action.CREATED);
        assertThat(store.history(new Handle("p/gone"), Long.MAX_VALUE, 10))
                .extracting(Version::action)
                .containsExactly(Action.CREATED, Action.DELETED, Action.CREATED);
        register("p/a", "newest");
        register("p/new", "newer");
        assertThat(outbox().read(before + 1, 100, 1 << 20))
                .extracting(v -> v.values().get(0).dataText())
                .containsExactly("back", "n", "new a", "newest", "newer");
    }

    private Outbox outbox() {
        return store.outbox().orElseThrow();
    }

    @Test
    void refusesPrefixesThatDoNotLiveHereAndAddsCompanions() throws IOException {
        PrefixGate gate = new Import.Open() {
            @Override
            public boolean admits(String foldedPrefix, boolean exists) {
                return foldedPrefix.equals("P");
            }

            @Override
            public List<RecordChange.Put> companions(Predicate<Handle> isThere) {
                assertThat(isThere.test(new Handle("p/1"))).isTrue();
                assertThat(isThere.test(new Handle("p/9"))).isFalse();
                return List.of(new RecordChange.Put(
                        new Handle("0.NA/p"), List.of(HandleValue.text(1, "T", "home", 0)), List.of()));
            }
        };
        Import input = input().line("q/1", "x").line("p/1", "y").line("q/2", "z");
        BulkResult result = input.load(store, SKIPPING, gate, Runnable::run);

        assertThat(input.refusals(result))
                .containsExactly(
                        Map.entry(0, "prefix Q does not live here"), Map.entry(2, "prefix Q does not live here"));
        assertThat(List.of(content("p/1"), content("0.na/P"), content("q/1"))).containsExactly("y", "home", "-");
        assertThat(outbox().last()).isEqualTo(2);
    }

    @Test
    void checksAgainWhatOthersChangedMeanwhile() throws IOException {
        AtomicInteger checks = new AtomicInteger();
        PrefixGate gate = new Import.Open() {
            @Override
            public List<RecordChange.Put> companions(Predicate<Handle> isThere) {
                if (checks.incrementAndGet() == 1) {
                    register("p/1", "faster");
                    register("elsewhere/1", "does not matter");
                }
                return List.of();
            }
        };
        Import input = input().line("p/1", "x").line("p/2", "y");
        BulkResult result = input.load(store, SKIPPING, gate, Runnable::run);

        assertThat(checks).hasValue(2);
        assertThat(input.refusals(result)).containsOnlyKeys(0);
        assertThat(List.of(content("p/1"), content("p/2"))).containsExactly("faster", "y");
    }

    @Test
    void checksAgainWhenACodeWasTakenMeanwhile() throws IOException {
        AtomicInteger checks = new AtomicInteger();
        PrefixGate gate = new Import.Open() {
            @Override
            public List<RecordChange.Put> companions(Predicate<Handle> isThere) {
                if (checks.incrementAndGet() == 1) {
                    register("other/1", "faster", "code");
                }
                return List.of();
            }
        };
        Import input = input().line("p/1", "x", "code");
        BulkResult result = input.load(store, STRICT, gate, Runnable::run);

        assertThat(result.loaded()).isFalse();
        assertThat(input.refusals(result)).containsExactly(Map.entry(0, "code already leads to the record OTHER/1"));
        assertThat(holder("code")).isEqualTo("other/1");
    }

    /** Spoils a file after it was checked, which fails the commit behind its first tables. */
    private final class Spoiler extends Import.Open {
        private byte[] good = {};
        private Path file = directory;

        @Override
        public boolean dependsOn(Set<String> changed) {
            try {
                file = directory.resolve("import/load/round-0/codes-0.sst");
                good = Files.readAllBytes(file);
                Files.write(file, new byte[10]);
                return false;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void repair() throws IOException {
            Files.write(file, good);
        }
    }

    @Test
    void nothingElseIsWrittenBeforeWhatWasBegunIsWhole() throws IOException {
        Spoiler spoiler = new Spoiler();
        Import input = input().line("p/1", "x", "code").line("p/2", "y");
        assertThatThrownBy(() -> input.load(store, STRICT, spoiler, Runnable::run))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("aliases");
        assertThatThrownBy(() -> register("p/1", "would be overwritten"))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("aliases");

        close();
        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("aliases");
        spoiler.repair();
        open();
        assertThat(List.of(content("p/1"), content("p/2"), holder("code"))).containsExactly("x", "y", "p/1");
        assertThat(outbox().read(1, 10, 1 << 20))
                .extracting(v -> v.handle().text())
                .containsExactly("p/1", "p/2");
        register("p/1", "later");
        assertThat(content("p/1")).isEqualTo("later");
    }

    @Test
    void aCommitThatFailsAtOnceLeavesNothing() throws IOException {
        PrefixGate gate = new Import.Open() {
            @Override
            public boolean dependsOn(Set<String> changed) {
                try {
                    Files.write(directory.resolve("import/load/round-0/created-0.sst"), new byte[10]);
                    return false;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        assertThatThrownBy(() -> input().line("p/1", "x", "code").load(store, STRICT, gate, Runnable::run))
                .isInstanceOf(StorageException.class);
        assertThat(content("p/1")).isEqualTo("-");
        assertThat(holder("code")).isEqualTo("-");
        register("p/1", "free");
        assertThat(content("p/1")).isEqualTo("free");
        assertThat(outbox().last()).isEqualTo(1);
    }
}
