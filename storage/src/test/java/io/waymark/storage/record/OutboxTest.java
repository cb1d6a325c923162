package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.testing.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Author ADMIN = new Author("300:88.1/ADMIN");
    private static final Duration RETENTION = Duration.ofMinutes(64);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final MovableClock clock = new MovableClock();
    private RecordStore store;

    @BeforeEach
    void open() {
        store = open(feed(1_000));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void holdsEveryChangeInOrderAsItWasMade() {
        put("a", "1");
        put("b", "1");
        put("a", "2");
        delete("a");
        put("a", "3");
        assertThat(told(1))
                .containsExactly("1 a=1 created", "2 b=1 created", "3 a=2 replaced", "4 a deleted", "5 a=3 created");
        assertThat(told(4)).containsExactly("4 a deleted", "5 a=3 created");
        assertThat(told(6)).isEmpty();
        assertThat(outbox().read(1, 100, 1 << 20)).extracting(Version::author).containsOnly(ADMIN);
    }

    @Test
    void readsNoMoreThanAskedButOneAtLeast() {
        for (int i = 0; i < 5; i++) {
            put("a", "x".repeat(100) + i);
        }
        assertThat(outbox().read(2, 2, 1 << 20)).extracting(Version::sequence).containsExactly(2L, 3L);
        assertThat(outbox().read(2, 9, 1)).extracting(Version::sequence).containsExactly(2L);
        assertThat(outbox().read(1, 9, 250)).hasSize(2);
    }

    @Test
    void aRefusedUnitLeavesNoNumber() {
        store.apply(List.of(new RecordChange.Put(new Handle("88.1/a"), values("1"), List.of("code"))), ADMIN)
                .join();
        CompletableFuture<Void> refused = store.apply(
                List.of(
                        new RecordChange.Put(new Handle("88.1/b"), values("1"), List.of()),
                        new RecordChange.Put(new Handle("88.1/c"), values("1"), List.of("code"))),
                ADMIN);
        assertThatThrownBy(refused::join).hasCauseInstanceOf(AliasTakenException.class);
        delete("nothing");
        put("d", "1");
        assertThat(told(1)).containsExactly("1 a=1 created", "2 d=1 created");
    }

    @Test
    void survivesAReopeningWithItsEpoch() {
        put("a", "1");
        put("a", "2");
        String epoch = outbox().epoch();
        reopen(feed(1_000));
        assertThat(outbox().epoch()).isEqualTo(epoch).hasSize(16);
        put("a", "3");
        assertThat(told(1)).containsExactly("1 a=1 created", "2 a=2 replaced", "3 a=3 replaced");
    }

    @Test
    void dropsWhatIsPublishedAfterTheRetention() {
        for (int i = 1; i <= 10; i++) {
            put("a", "" + i);
        }
        outbox().published(4);
        clock.advance(RETENTION);
        put("a", "11");
        assertThat(outbox().first()).as("within the retention").isEqualTo(1);
        clock.advance(Duration.ofMinutes(2));
        outbox().published(7);
        put("a", "12");
        await().untilAsserted(() -> assertThat(outbox().first()).isEqualTo(5));
        await().untilAsserted(() -> assertThat(outbox().held()).isEqualTo(8));
        assertThat(told(1)).hasSize(8).first().isEqualTo("5 a=5 replaced");
        reopen(feed(1_000));
        assertThat(outbox().first()).isEqualTo(5);
        assertThat(outbox().held()).isEqualTo(8);
        assertThat(told(1)).hasSize(8);
        assertThatThrownBy(() -> outbox().published(13)).hasMessageContaining("the last one is 12");
    }

    @Test
    void keepsFormerVersionsUntilTheyAreTold() {
        reopen(feed(1_000).with(new HistoryPolicy(2, Duration.ofDays(1))));
        for (int i = 1; i <= 10; i++) {
            put("a", "" + i);
        }
        assertThat(told(1)).hasSize(10).first().isEqualTo("1 a=1 created");
        outbox().published(6);
        put("a", "11");
        assertThat(told(7)).first().isEqualTo("7 a=7 replaced");
        assertThat(store.history(new Handle("88.1/a"), Long.MAX_VALUE, 100)).hasSizeLessThan(7);
        outbox().published(11);
        put("a", "12");
        assertThat(store.history(new Handle("88.1/a"), Long.MAX_VALUE, 100)).hasSize(3);
    }

    @Test
    void whatIsNotToldIsNotForgottenHoweverOld() {
        put("a", "1");
        delete("a");
        clock.advance(Duration.ofDays(4_000));
        assertThat(store.forgetPast()).isEqualTo(1);
        assertThat(told(1)).containsExactly("1 a=1 created", "2 a deleted");
        assertThat(store.history(new Handle("88.1/a"), Long.MAX_VALUE, 9)).hasSize(2);
    }

    @Test
    void keepsThemEvenWithoutHistory() {
        reopen(feed(1_000).with(new HistoryPolicy(0, Duration.ZERO)));
        put("a", "1");
        put("a", "2");
        delete("a");
        assertThat(told(1)).containsExactly("1 a=1 created", "2 a=2 replaced", "3 a deleted");
        outbox().published(3);
        put("a", "3");
        assertThat(told(4)).containsExactly("4 a=3 created");
        assertThat(store.history(new Handle("88.1/a"), Long.MAX_VALUE, 100)).hasSize(1);
    }

    @Test
    void refusesChangesWhenItHoldsAsManyAsItMay() {
        reopen(feed(3));
        put("a", "1");
        put("a", "2");
        put("a", "3");
        CompletableFuture<Void> refused = store.apply(List.of(change("a", "4")), ADMIN);
        assertThatThrownBy(refused::join)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("the change feed is behind: 3 changes wait to be published, at most 3 may");
        assertThat(metrics.get("waymark.records.refused")
                        .tag("reason", "outbox")
                        .counter()
                        .count())
                .isEqualTo(1);
        outbox().published(3);
        clock.advance(RETENTION.multipliedBy(2));
        outbox().published(3);
        await().untilAsserted(() -> assertThat(outbox().held()).isZero());
        put("a", "4");
        assertThat(told(4)).containsExactly("4 a=4 replaced");
    }

    @Test
    void aFeedBegunLateTellsWhatIsThere() {
        reopen(RecordStoreConfig.defaults(directory));
        assertThat(store.outbox()).isEmpty();
        put("c", "1");
        put("a", "1");
        put("gone", "1");
        delete("gone");
        reopen(feed(1_000));
        assertThat(told(1)).containsExactly("5 a=1 found", "6 c=1 found", "7 gone deleted");
        delete("a");
        put("b", "1");
        put("c", "2");
        assertThat(told(5))
                .containsExactly(
                        "5 a=1 found",
                        "6 c=1 found",
                        "7 gone deleted",
                        "8 a deleted",
                        "9 b=1 created",
                        "10 c=2 replaced");
        assertThat(told(6)).first().isEqualTo("6 c=1 found");
        assertThat(outbox().read(5, 1, 1 << 20)).hasSize(1);
        assertThat(told(6)).first().isEqualTo("6 c=1 found");
    }

    @Test
    void aFeedBegunAgainIsAnother() {
        put("a", "1");
        String epoch = outbox().epoch();
        reopen(RecordStoreConfig.defaults(directory));
        put("a", "2");
        reopen(feed(1_000));
        assertThat(outbox().epoch()).isNotEqualTo(epoch);
        assertThat(told(1)).containsExactly("3 a=2 found");
        assertThat(outbox().held()).isEqualTo(1);
    }

    @Test
    void aFeedIsBegunAnewWhileChangesGoOn() throws Exception {
        put("a", "1");
        delete("a");
        put("b", "1");
        outbox().published(1);
        String epoch = outbox().epoch();
        assertThat(outbox().begin()).isEqualTo(1);
        outbox().beginAnew();
        put("c", "1");
        assertThat(outbox().epoch()).isNotEqualTo(epoch);
        assertThat(outbox().begin()).isEqualTo(4);
        List<String> expected = List.of("4 a deleted", "5 b=1 found", "6 c=1 created");
        assertThat(told(4)).isEqualTo(expected);
        String second = outbox().epoch();
        reopen(feed(1_000));
        assertThat(outbox().epoch()).isEqualTo(second);
        assertThat(outbox().begin()).isEqualTo(4);
        assertThat(told(4)).isEqualTo(expected);
        assertThat(outbox().held()).isEqualTo(2);
    }

    @Test
    void tellsOfABulkRecordByRecordAndForgetsItsKeys() {
        put("z", "1");
        long bulk = RecordStore.newBulkId();
        load(bulk, "b", "c", "d");
        put("c", "2");
        delete("d");
        put("d", "2");
        List<String> expected = List.of(
                "1 z=1 created",
                "2 b=loaded created",
                "3 c=loaded created",
                "4 d=loaded created",
                "5 c=2 replaced",
                "6 d deleted",
                "7 d=2 created");
        assertThat(told(1)).isEqualTo(expected);
        for (int from = 1; from <= 7; from++) {
            assertThat(told(from)).isEqualTo(expected.subList(from - 1, 7));
        }
        assertThat(oneByOne()).isEqualTo(expected);
        outbox().published(3);
        clock.advance(RETENTION.multipliedBy(2));
        outbox().published(4);
        await().untilAsserted(() -> assertThat(outbox().first()).isEqualTo(4));
        assertThat(told(1)).isEqualTo(expected.subList(3, 7));
        assertThat(outbox().held()).isEqualTo(4);
        clock.advance(RETENTION.multipliedBy(2));
        outbox().published(4);
        await().untilAsserted(() -> assertThat(outbox().held()).isEqualTo(3));
        assertThat(told(1)).isEqualTo(expected.subList(4, 7));
    }

    @Test
    void aReaderWaitsForTheNextChange() throws Exception {
        assertThat(outbox().awaitSequence(1, Duration.ZERO)).isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return outbox().awaitSequence(1, Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        put("a", "1");
        assertThat(waiting.get()).isTrue();
    }

    private RecordStoreConfig feed(long backlogMax) {
        return RecordStoreConfig.defaults(directory).with(new FeedPolicy(true, backlogMax, RETENTION));
    }

    private RecordStore open(RecordStoreConfig config) {
        return RecordStore.open(config, metrics, clock);
    }

    private void reopen(RecordStoreConfig config) {
        store.close();
        store = open(config);
    }

    private Outbox outbox() {
        return store.outbox().orElseThrow();
    }

    private void put(String name, String text) {
        store.apply(List.of(change(name, text)), ADMIN).join();
    }

    private void delete(String name) {
        store.apply(List.of(new RecordChange.Delete(new Handle("88.1/" + name))), ADMIN)
                .join();
    }

    /** As a bulk load does: straight into the tables. */
    private void load(long bulk, String... names) {
        store.close();
        try (RecordTables tables = RecordTables.open(feed(1_000));
                RocksBatch batch = new RocksBatch()) {
            for (String name : names) {
                Handle handle = new Handle("88.1/" + name);
                byte[] key = handle.canonical().getBytes(StandardCharsets.UTF_8);
                batch.put(tables.records(), key, StoredRecord.encode(handle, values("loaded")));
                tables.outbox().putBulkKey(batch, bulk, key);
            }
            Mark before = tables.changed();
            Mark after = new Mark(before.sequence() + names.length, before.millis(), before.notes() + 1);
            OutboxTable.Note note = new OutboxTable.Note(
                    Action.CREATED,
                    after.notes(),
                    after.millis(),
                    bulk,
                    names.length,
                    after.sequence(),
                    Author.IMPORT,
                    new byte[0]);
            tables.outbox().put(batch, note);
            tables.putChanged(batch, after);
            tables.store().write(batch);
        }
        store = open(feed(1_000));
    }

    private List<String> told(long from) {
        return outbox().read(from, 100, 1 << 20).stream().map(OutboxTest::line).toList();
    }

    private List<String> oneByOne() {
        List<String> lines = new ArrayList<>();
        for (long next = outbox().first(); next <= outbox().last(); next++) {
            lines.add(line(outbox().read(next, 1, 1 << 20).get(0)));
        }
        return lines;
    }

    private static String line(Version v) {
        String name = v.handle().suffix().toLowerCase(java.util.Locale.ROOT);
        String text = v.isThere() ? "=" + v.values().get(0).dataText() : "";
        return v.sequence() + " " + name + text + " " + v.action().word();
    }

    private static RecordChange change(String name, String text) {
        return new RecordChange.Put(new Handle("88.1/" + name), values(text), List.of());
    }

    private static List<HandleValue> values(String text) {
        return List.of(HandleValue.text(1, "DESC", text, 17));
    }
}
