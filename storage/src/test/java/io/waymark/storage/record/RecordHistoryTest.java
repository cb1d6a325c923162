package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordHistoryTest {
    private static final Handle TEA = new Handle("88.1/Tea");
    private static final Author ADMIN = Author.of(new ValueReference("88.1/ADMIN", 300));

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock();
    private RecordStore store;

    @BeforeEach
    void open() {
        store = open(HistoryPolicy.DEFAULT);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void tellsWhoDidWhatAndWhen() {
        Instant created = put("a", false, Author.OPERATOR);
        Instant modified = put("b", true, ADMIN);
        Instant replaced = put("c", false, Author.IMPORT);
        Instant deleted = delete();
        assertThat(all())
                .extracting(Version::action, Version::author, v -> Instant.ofEpochMilli(v.millis()), v -> text(v))
                .containsExactly(
                        tuple(Action.DELETED, ADMIN, deleted, ""),
                        tuple(Action.REPLACED, Author.IMPORT, replaced, "c"),
                        tuple(Action.MODIFIED, ADMIN, modified, "b"),
                        tuple(Action.CREATED, Author.OPERATOR, created, "a"));
        assertThat(all()).extracting(Version::sequence).containsExactly(4L, 3L, 2L, 1L);
        assertThat(ADMIN.name()).isEqualTo("300:88.1/ADMIN");
    }

    @Test
    void readsBackwardsInPages() {
        IntStream.range(0, 7).forEach(i -> put("v" + i, true, ADMIN));
        List<Version> page = store.history(TEA, Long.MAX_VALUE, 3);
        assertThat(page).extracting(RecordHistoryTest::text).containsExactly("v6", "v5", "v4");
        assertThat(store.history(TEA, page.get(2).sequence(), 2))
                .extracting(RecordHistoryTest::text)
                .containsExactly("v3", "v2");
        assertThat(store.history(TEA, 2, 10))
                .extracting(RecordHistoryTest::text)
                .containsExactly("v0");
        assertThat(store.history(TEA, 1, 10)).isEmpty();
        assertThat(store.history(TEA, Long.MAX_VALUE, 0)).isEmpty();
        assertThat(store.history(new Handle("88.1/Te"), Long.MAX_VALUE, 9)).isEmpty();
    }

    @Test
    void knowsWhatWasInForceAtATime() {
        Instant before = clock.instant();
        Instant first = put("a", false, ADMIN);
        Instant second = put("b", false, ADMIN);
        Instant deleted = delete();
        Instant again = put("c", false, ADMIN);
        assertThat(store.findAsOf(TEA, before).reach()).isEqualTo(AsOf.Reach.NEVER_YET);
        assertThat(store.findAsOf(TEA, Instant.EPOCH.minusSeconds(9)).reach()).isEqualTo(AsOf.Reach.NEVER_YET);
        assertThat(asOf(first)).isEqualTo("a");
        assertThat(asOf(second.minusMillis(1))).isEqualTo("a");
        assertThat(asOf(second)).isEqualTo("b");
        assertThat(store.findAsOf(TEA, deleted).version().orElseThrow().isThere())
                .isFalse();
        assertThat(asOf(again)).isEqualTo("c");
        assertThat(asOf(again.plusSeconds(1_000_000))).isEqualTo("c");
        assertThat(store.findAsOf(new Handle("88.1/none"), again).reach()).isEqualTo(AsOf.Reach.NEVER_YET);
    }

    @Test
    void ofSeveralChangesAtOneMomentTheLastIsInForce() {
        List<RecordChange> unit = List.of(change("a", false));
        store.apply(unit, ADMIN);
        store.apply(List.of(change("b", false)), ADMIN);
        store.apply(List.of(change("c", false)), ADMIN).join();
        assertThat(asOf(clock.instant())).isEqualTo("c");
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("c", "b", "a");
    }

    @Test
    void timeNeverGoesBackThoughTheClockDoes() {
        put("a", false, ADMIN);
        clock.advance(Duration.ofDays(-3));
        reopen(HistoryPolicy.DEFAULT);
        put("b", false, ADMIN);
        List<Version> versions = all();
        assertThat(versions).extracting(RecordHistoryTest::text).containsExactly("b", "a");
        assertThat(versions.get(0).millis()).isEqualTo(versions.get(1).millis());
        assertThat(asOf(Instant.ofEpochMilli(versions.get(0).millis()))).isEqualTo("b");
    }

    @Test
    void keepsOnlySoManyVersionsAndSaysThatThereWereMore() {
        reopen(new HistoryPolicy(3, Duration.ofDays(100)));
        Instant first = put("v0", false, ADMIN);
        IntStream.range(1, 20).forEach(i -> put("v" + i, true, ADMIN));
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("v19", "v18", "v17", "v16");
        assertThat(store.findAsOf(TEA, first).reach()).isEqualTo(AsOf.Reach.BEYOND_HISTORY);
        assertThat(metrics.get("waymark.records.history.dropped").counter().count())
                .isEqualTo(16);
    }

    @Test
    void dropsWhatHasLongBeenOutOfForceButNotWhatWasInForceSince() {
        reopen(new HistoryPolicy(100, Duration.ofDays(10)));
        put("a", false, ADMIN);
        put("b", false, ADMIN);
        clock.advance(Duration.ofDays(20));
        Instant c = put("c", false, ADMIN);
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("c", "b");
        clock.advance(Duration.ofDays(9));
        put("d", false, ADMIN);
        assertThat(asOf(c.minusMillis(1))).as("in force ten days ago").isEqualTo("b");
        clock.advance(Duration.ofDays(2));
        put("e", false, ADMIN);
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("e", "d", "c");
    }

    @Test
    void whatHasLongBeenOutOfForceGoesAlsoWhenTheRecordNeverChangesAgain() {
        reopen(new HistoryPolicy(100, Duration.ofDays(10)));
        put("a", false, ADMIN);
        put("b", false, ADMIN);
        clock.advance(Duration.ofDays(9));
        put("c", false, ADMIN);
        assertThat(store.forgetPast()).isZero();
        clock.advance(Duration.ofDays(2));
        assertThat(store.forgetPast()).isEqualTo(1);
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("c", "b");
        assertThat(store.forgetPast()).isZero();
        put("d", false, ADMIN);
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("d", "c", "b");
    }

    @Test
    void recordsDeletedLongAgoAreForgotten() {
        reopen(new HistoryPolicy(100, Duration.ofDays(10)));
        put("a", false, ADMIN);
        delete();
        clock.advance(Duration.ofDays(9));
        assertThat(store.forgetPast()).isZero();
        clock.advance(Duration.ofDays(2));
        assertThat(store.forgetPast()).isEqualTo(1);
        assertThat(all()).isEmpty();
        assertThat(store.findAsOf(TEA, clock.instant()).reach()).isEqualTo(AsOf.Reach.NEVER_YET);
        assertThat(store.forgetPast()).isZero();
        put("again", false, ADMIN);
        assertThat(all()).extracting(Version::action).containsExactly(Action.CREATED);
    }

    @Test
    void forgetsAlsoAmongMoreRecordsThanOnePortionHolds() {
        reopen(new HistoryPolicy(0, Duration.ofDays(10)));
        List<Handle> many = IntStream.range(0, 700)
                .mapToObj(i -> new Handle("88.1/gone" + i))
                .toList();
        put("stays", false, ADMIN);
        store.apply(many.stream()
                        .map(handle -> (RecordChange) new RecordChange.Put(handle, values("x"), List.of()))
                        .toList())
                .join();
        store.apply(many.stream()
                        .map(handle -> (RecordChange) new RecordChange.Delete(handle))
                        .toList())
                .join();
        clock.advance(Duration.ofDays(11));
        assertThat(store.forgetPast()).isEqualTo(700);
        assertThat(many)
                .allSatisfy(handle ->
                        assertThat(store.history(handle, Long.MAX_VALUE, 1)).isEmpty());
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("stays");
    }

    @Test
    void keepsNoPastIfToldSo() {
        reopen(new HistoryPolicy(0, Duration.ofDays(10)));
        put("a", false, ADMIN);
        put("b", true, ADMIN);
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("b");
        assertThat(all()).extracting(Version::action).containsExactly(Action.MODIFIED);
        delete();
        assertThat(all()).extracting(Version::action).containsExactly(Action.DELETED);
    }

    @Test
    void removingWhatIsNotThereIsNoChange() {
        delete();
        put("a", false, ADMIN);
        delete();
        delete();
        assertThat(all()).extracting(Version::action).containsExactly(Action.DELETED, Action.CREATED);
    }

    @Test
    void survivesAReopening() {
        put("a", false, ADMIN);
        put("b", false, ADMIN);
        List<Version> before = all();
        reopen(HistoryPolicy.DEFAULT);
        assertThat(all()).isEqualTo(before);
        put("c", false, ADMIN);
        assertThat(all().get(0).sequence()).isEqualTo(3);
    }

    @Test
    void historiesOfOtherRecordsAreTheirs() {
        put("a", false, ADMIN);
        put("b", false, ADMIN);
        for (String other : List.of("88.1/Te", "88.1/Teas", "88.1/Tea ")) {
            store.apply(List.of(new RecordChange.Put(new Handle(other), values("x"), List.of())), ADMIN)
                    .join();
            store.apply(List.of(new RecordChange.Delete(new Handle(other))), ADMIN)
                    .join();
            assertThat(store.history(new Handle(other), Long.MAX_VALUE, 9)).hasSize(2);
        }
        assertThat(all()).extracting(RecordHistoryTest::text).containsExactly("b", "a");
        assertThat(store.history(new Handle("88.1/TEA"), Long.MAX_VALUE, 9))
                .extracting(v -> v.handle().text())
                .containsExactly("88.1/Tea", "88.1/Tea");
    }

    private RecordStore open(HistoryPolicy policy) {
        return RecordStore.open(RecordStoreConfig.defaults(directory).with(policy), metrics, clock);
    }

    private void reopen(HistoryPolicy policy) {
        store.close();
        store = open(policy);
    }

    private Instant put(String text, boolean edited, Author author) {
        clock.advance(Duration.ofMinutes(1));
        store.apply(List.of(change(text, edited)), author).join();
        return clock.instant();
    }

    private Instant delete() {
        clock.advance(Duration.ofMinutes(1));
        store.apply(List.of(new RecordChange.Delete(TEA)), ADMIN).join();
        return clock.instant();
    }

    private List<Version> all() {
        return store.history(TEA, Long.MAX_VALUE, 1_000);
    }

    private String asOf(Instant time) {
        AsOf found = store.findAsOf(TEA, time);
        assertThat(found.reach()).isEqualTo(AsOf.Reach.KNOWN);
        return text(found.version().orElseThrow());
    }

    private static RecordChange change(String text, boolean edited) {
        return new RecordChange.Put(TEA, values(text), List.of(), edited);
    }

    private static List<HandleValue> values(String text) {
        return List.of(HandleValue.text(1, "DESC", text, 17));
    }

    private static String text(Version version) {
        return version.values().isEmpty() ? "" : version.values().get(0).dataText();
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }
}
