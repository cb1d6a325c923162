package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import io.waymark.testing.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final int ENTRY_BYTES = SpoolEntryCodec.HEADER_BYTES + "device".length() + "a/b".length() + 10;

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private final FaultyDisk disk = new FaultyDisk();
    private final RecordedCompletions completions = new RecordedCompletions();
    private SimpleMeterRegistry metrics;
    private SpoolConfig config;
    private Spool spool;
    private int offered;

    @BeforeEach
    void openSpool() {
        config = SpoolConfig.defaults(directory);
        open();
    }

    @AfterEach
    void closeSpool() {
        disk.mode = FaultyDisk.Mode.WORKING;
        disk.release();
        spool.close();
        completions.assertEachToldOnce();
    }

    @Test
    void givesPositionsFromOneOnInOfferOrder() throws Exception {
        offer(100);
        assertThat(spool.awaitPosition(100, Duration.ofSeconds(20))).isTrue();
        awaitCompletions(100);
        assertThat(completions.durable().values()).containsExactlyElementsOf(longs(1, 100));
        assertThat(completions.order()).containsExactlyElementsOf(ints(1, 100));
        assertThat(spool.read(1, 1000, 1 << 20))
                .extracting(SpoolEntry::position)
                .containsExactlyElementsOf(longs(1, 100));
    }

    @Test
    void keepsMessagesEpochAndPositionsOverARestart() {
        offerAndAwait(3);
        String epoch = spool.epoch();
        reopen();
        assertThat(spool.epoch()).isEqualTo(epoch).matches("[0-9a-f]{16}");
        assertThat(spool.lastDurable()).isEqualTo(3);
        assertThat(spool.first()).isEqualTo(1);
        assertThat(spool.read(2, 1, 1)).singleElement().satisfies(entry -> {
            assertThat(entry.position()).isEqualTo(2);
            assertThat(entry.message())
                    .usingRecursiveComparison()
                    .ignoringFields("number")
                    .isEqualTo(message(2));
            assertThat(entry.message().number()).isEqualTo(2);
        });
        offerAndAwait(1);
        assertThat(completions.durable()).containsEntry(4, 4L);
    }

    @Test
    void acknowledgesASessionChangeWithoutMessageAsPositionZero() {
        offer(new SpoolWrite(null, new SessionWrite.PutSession("c", new byte[] {1})));
        awaitCompletions(1);
        assertThat(completions.durable()).containsEntry(1, 0L);
        assertThat(spool.lastDurable()).isZero();
    }

    @Test
    void keepsSessionsOverARestart() {
        offer(new SpoolWrite(message(1), new SessionWrite.AddQos2("c", 65_535)));
        offer(new SpoolWrite(message(2), new SessionWrite.AddQos2("c", 1)));
        offer(new SpoolWrite(null, new SessionWrite.PutSession("c", new byte[] {4, 5})));
        offer(new SpoolWrite(null, new SessionWrite.RemoveQos2("c", 1)));
        offer(new SpoolWrite(null, new SessionWrite.AddQos2("gone", 9)));
        offer(new SpoolWrite(null, new SessionWrite.DeleteSession("gone")));
        awaitCompletions(6);
        reopen();
        assertThat(sessions()).singleElement().satisfies(session -> {
            assertThat(session.clientId()).isEqualTo("c");
            assertThat(session.state()).containsExactly(4, 5);
            assertThat(session.qos2PacketIds()).containsExactly(65_535);
        });
    }

    @Test
    void readsNoMoreThanAskedFor() {
        offerAndAwait(10);
        assertThat(spool.read(4, 3, 1 << 20)).extracting(SpoolEntry::position).containsExactly(4L, 5L, 6L);
        assertThat(spool.read(1, 100, 25)).hasSize(3);
        assertThat(spool.read(1, 100, 1)).hasSize(1);
        assertThat(spool.read(11, 100, 100)).isEmpty();
    }

    @Test
    void holdsTrimmedEntriesForTheRetentionThenDropsThem() {
        offerAndAwait(10);
        long before = spool.bytesHeld();
        spool.trim(7);
        assertThat(spool.first()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(59));
        spool.trim(7);
        assertThat(spool.read(1, 100, 100)).hasSize(10);
        clock.advance(Duration.ofSeconds(2));
        await().untilAsserted(() -> assertThat(spool.first()).isEqualTo(8));
        await().untilAsserted(() -> assertThat(spool.bytesHeld()).isEqualTo(before * 3 / 10));
        assertThat(spool.read(1, 100, 100)).extracting(SpoolEntry::position).containsExactly(8L, 9L, 10L);
    }

    @Test
    void neverGivesAPositionAgainAfterEverythingWasTrimmed() {
        offerAndAwait(10);
        trimAndAwait(10);
        assertThat(spool.bytesHeld()).isZero();
        reopen();
        assertThat(spool.first()).isEqualTo(11);
        assertThat(spool.lastDurable()).isEqualTo(10);
        assertThat(spool.bytesHeld()).isZero();
        offerAndAwait(1);
        assertThat(completions.durable()).containsEntry(11, 11L);
    }

    @Test
    void refusesToTrimWhatIsNotDurable() {
        offerAndAwait(2);
        assertThatThrownBy(() -> spool.trim(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot trim to position 3: the last durable one is 2");
    }

    @Test
    void isFullByBytesUntilTrimmedAlsoAfterARestart() {
        int cost = ENTRY_BYTES + QueuedWrite.ENTRY_OVERHEAD_BYTES;
        config = new SpoolConfig(directory, 3L * cost, 100, 100, Duration.ZERO);
        reopen();
        offerAndAwait(3);
        assertThat(offerOne()).isEqualTo(Spool.Offer.FULL);
        reopen();
        assertThat(offerOne()).isEqualTo(Spool.Offer.FULL);
        assertThat(metrics.get("waymark.spool.offers")
                        .tag("reason", "space")
                        .counter()
                        .count())
                .isEqualTo(1);
        spool.trim(1);
        await().untilAsserted(() -> assertThat(spool.bytesHeld()).isEqualTo(2L * cost));
        assertThat(offerOne()).isEqualTo(Spool.Offer.ACCEPTED);
        assertThat(offerOne()).isEqualTo(Spool.Offer.FULL);
    }

    @Test
    void takesSessionChangesWhileFull() {
        config = new SpoolConfig(directory, 1, 100, 100, Duration.ZERO);
        reopen();
        assertThat(offerOne()).isEqualTo(Spool.Offer.FULL);
        assertThat(offer(new SpoolWrite(null, new SessionWrite.RemoveQos2("c", 1))))
                .isEqualTo(Spool.Offer.ACCEPTED);
    }

    @Test
    void isFullByNumberOfWaitingWrites() {
        config = new SpoolConfig(directory, 1 << 20, 4, 4, Duration.ZERO);
        reopen();
        disk.hold();
        List<Spool.Offer> offers = new ArrayList<>();
        await().until(() -> {
            offers.add(offerOne());
            return offers.contains(Spool.Offer.FULL);
        });
        // Four waiting, and at most four in the commit that is held.
        assertThat(offers.size()).isBetween(5, 9);
        assertThat(metrics.get("waymark.spool.offers")
                        .tag("reason", "queue")
                        .counter()
                        .count())
                .isEqualTo(1);
        disk.release();
        awaitCompletions(offers.size() - 1);
        assertThat(offerOne()).isEqualTo(Spool.Offer.ACCEPTED);
    }

    @Test
    void isFullByBytesOfWaitingWrites() {
        disk.hold();
        SpoolMessage large = new SpoolMessage("device", "a/b", 1, 0, "", List.of(), new byte[20 << 20]);
        for (int i = 0; i < 3; i++) {
            assertThat(offer(new SpoolWrite(large, null))).isEqualTo(Spool.Offer.ACCEPTED);
        }
        long held = spool.bytesHeld();
        assertThat(offer(new SpoolWrite(large, null))).isEqualTo(Spool.Offer.FULL);
        assertThat(spool.bytesHeld()).isEqualTo(held);
        disk.release();
        awaitCompletions(3);
        assertThat(spool.read(3, 1, 1).get(0).message().payload()).hasSize(20 << 20);
    }

    @Test
    void failsEveryWriteOfAFailedCommitAndGoesOnWithoutAGap() {
        offerAndAwait(2);
        for (FaultyDisk.Mode mode :
                List.of(FaultyDisk.Mode.FAILS_BEFORE_WRITING, FaultyDisk.Mode.FAILS_AFTER_WRITING)) {
            long last = spool.lastDurable();
            long held = spool.bytesHeld();
            disk.mode = mode;
            offer(5);
            awaitCompletions(offered);
            assertThat(spool.lastDurable()).isEqualTo(last);
            assertThat(spool.bytesHeld()).isEqualTo(held);
            disk.mode = FaultyDisk.Mode.WORKING;
            offerAndAwait(1);
            assertThat(completions.durable()).containsEntry(offered, last + 1);
        }
        assertThat(completions.failed())
                .hasSize(10)
                .allSatisfy((n, cause) -> assertThat(cause).isInstanceOf(StorageException.class));
        reopen();
        assertThat(spool.lastDurable()).isEqualTo(4);
        assertThat(spool.read(1, 100, 1000))
                .extracting(e -> new String(e.message().payload(), StandardCharsets.UTF_8))
                .containsExactly("payload  1", "payload  2", "payload  8", "payload 14");
    }

    @Test
    void patientWritesOfAFailedCommitWaitInOrderAndNothingElseIsTakenMeanwhile() {
        offerAndAwait(1);
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING_THEN_FAILS;
        List<Integer> told = new CopyOnWriteArrayList<>();
        spool.offer(new SpoolWrite(message(2), new SessionWrite.AddQos2("c", 7)), patient(2, told));
        await().until(() ->
                metrics.get("waymark.spool.commits.failed").counter().count() == 1);
        assertThat(spool.offer(new SpoolWrite(message(9), null), patient(9, told)))
                .isEqualTo(Spool.Offer.FULL);
        assertThat(told).isEmpty();
        disk.mode = FaultyDisk.Mode.WORKING;
        await().until(() -> told.size() == 1);
        await().until(() -> spool.offer(new SpoolWrite(message(3), null), patient(3, told)) == Spool.Offer.ACCEPTED);
        await().until(() -> told.size() == 2);
        assertThat(told).containsExactly(2, 3);
        reopen();
        assertThat(spool.read(1, 10, 1_000)).hasSize(3);
        assertThat(sessions())
                .singleElement()
                .satisfies(s -> assertThat(s.qos2PacketIds()).containsExactly(7));
    }

    @Test
    void patientWritesFailWhenItClosesBeforeTheDiskTakesThem() {
        disk.mode = FaultyDisk.Mode.FAILS_BEFORE_WRITING;
        List<Integer> told = new CopyOnWriteArrayList<>();
        spool.offer(new SpoolWrite(message(1), null), patient(1, told));
        await().until(() ->
                metrics.get("waymark.spool.commits.failed").counter().count() == 1);
        spool.close();
        assertThat(told).containsExactly(-1);
        assertThat(spool.bytesHeld()).isZero();
    }

    /** Notes its number, or minus its number when it fails. */
    private static Spool.Completion patient(int n, List<Integer> told) {
        return new Spool.Completion() {
            @Override
            public void durable(long position) {
                told.add(n);
            }

            @Override
            public void failed(Throwable cause) {
                told.add(-n);
            }

            @Override
            public boolean isPatient() {
                return true;
            }
        };
    }

    @Test
    void forgetsPacketIdentifiersOfAFailedCommitThatReachedTheDisk() {
        disk.mode = FaultyDisk.Mode.FAILS_AFTER_WRITING;
        offer(new SpoolWrite(message(1), new SessionWrite.AddQos2("c", 7)));
        awaitCompletions(1);
        disk.mode = FaultyDisk.Mode.WORKING;
        offer(new SpoolWrite(message(2), new SessionWrite.AddQos2("c", 8)));
        awaitCompletions(2);
        reopen();
        assertThat(sessions())
                .singleElement()
                .satisfies(s -> assertThat(s.qos2PacketIds()).containsExactly(8));
        assertThat(spool.read(1, 10, 100)).hasSize(1);
    }

    @Test
    void repairsItselfWhenIdle() {
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING;
        offerOne();
        awaitCompletions(1);
        await().until(() -> disk.commits.get() == 1);
        reopen();
        assertThat(completions.failed()).hasSize(1);
        assertThat(spool.lastDurable()).isZero();
    }

    @Test
    void findsAFailedMessageTogetherWithItsPacketIdentifierWhenTheNodeEndsBeforeRepairing() {
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING_THEN_FAILS;
        offer(new SpoolWrite(message(1), new SessionWrite.AddQos2("c", 7)));
        awaitCompletions(1);
        reopen();
        assertThat(spool.read(1, 10, 100)).hasSize(1);
        assertThat(sessions())
                .singleElement()
                .satisfies(s -> assertThat(s.qos2PacketIds()).containsExactly(7));
    }

    @Test
    void reopensTheStoreWhileWritesFailAndGoesOnWhereItWas() {
        offerAndAwait(3);
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING_THEN_FAILS;
        offer(new SpoolWrite(message(4), new SessionWrite.AddQos2("c", 7)));
        awaitCompletions(4);
        clock.advance(Duration.ofSeconds(2));
        await().until(() -> metrics.get("waymark.spool.reopened").counter().count() == 1);
        // What failed was found again by reopening, but nobody is shown it.
        assertThat(spool.read(1, 10, 1_000)).hasSize(3);
        disk.mode = FaultyDisk.Mode.WORKING;
        offerAndAwait(1);
        assertThat(completions.durable()).containsEntry(5, 4L);
        assertThat(sessions()).isEmpty();
        reopen();
        assertThat(spool.read(1, 10, 1_000)).hasSize(4);
        assertThat(sessions()).isEmpty();
    }

    @Test
    void trimsWhenTheDiskAllowsIt() {
        offerAndAwait(3);
        disk.mode = FaultyDisk.Mode.FAILS_BEFORE_WRITING;
        spool.trim(2);
        clock.advance(config.retention().plusSeconds(2));
        await().until(() -> spool.first() == 3);
        long held = spool.bytesHeld();
        assertThat(spool.read(1, 10, 1_000)).hasSize(1);
        disk.mode = FaultyDisk.Mode.WORKING;
        await().until(() -> spool.bytesHeld() == held / 3);
        reopen();
        assertThat(spool.first()).isEqualTo(3);
    }

    @Test
    void commitsWhatWasAcceptedBeforeClosing() {
        disk.hold();
        offer(50);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(spool::close);
        await().until(() -> offerOne() == Spool.Offer.CLOSED);
        int accepted = offered - 1;
        disk.release();
        closing.join();
        assertThat(completions.durable()).hasSizeGreaterThanOrEqualTo(50);
        assertThat(completions.count()).isEqualTo(completions.durable().size());
        long last = completions.durable().size();
        assertThat(last).isLessThanOrEqualTo(accepted);
        open();
        assertThat(spool.lastDurable()).isEqualTo(last);
    }

    @Test
    void letsWaitersGoWhenTimeIsUpOrItCloses() throws Exception {
        assertThat(spool.awaitPosition(1, Duration.ofMillis(1))).isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return spool.awaitPosition(1, Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        spool.close();
        assertThat(waiting.join()).isFalse();
        open();
    }

    @Test
    void namesADamagedEntry() {
        offerAndAwait(3);
        overwriteEntry(2, new byte[] {1, 2, 3});
        assertThat(spool.read(1, 1, 100)).hasSize(1);
        assertThatThrownBy(() -> spool.read(1, 10, 100))
                .isInstanceOf(StorageException.class)
                .hasMessage("spool entry 2 in " + directory + " has 3 bytes but its header alone needs 36");
    }

    @Test
    void namesAMissingEntry() {
        offerAndAwait(3);
        overwriteEntry(2, null);
        assertThatThrownBy(() -> spool.read(1, 10, 100))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("spool entry 2 in ")
                .hasMessageEndingWith("is missing");
    }

    @Test
    void refusesToOpenWhenTheFrontIsMissing() {
        offerAndAwait(3);
        assertThatThrownBy(() -> overwriteEntry(1, null))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("spool entry 1 in ");
        tamper(1, SpoolEntryCodecTest.sealed(message(1), 1, 1));
        open();
    }

    @Test
    void refusesANewerFormat() {
        spool.close();
        try (RocksStore store = raw();
                RocksBatch batch = new RocksBatch()) {
            batch.put(store.family("meta"), "format".getBytes(StandardCharsets.US_ASCII), new byte[] {0, 0, 0, 9});
            store.write(batch);
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessage("store " + directory + " has format 9 but this version of Waymark reads 1..2");
        try (RocksStore store = raw();
                RocksBatch batch = new RocksBatch()) {
            batch.put(store.family("meta"), "format".getBytes(StandardCharsets.US_ASCII), new byte[] {0, 0, 0, 1});
            store.write(batch);
        }
        open();
    }

    @Test
    void countsMessagesSpooledBeforeThereWereTotalsUnderNoGroup() {
        offerAndAwait(3);
        spool.close();
        try (RocksStore store = raw();
                RocksBatch batch = new RocksBatch()) {
            batch.delete(store.family("totals"), new byte[0]);
            store.write(batch);
        }
        open();
        offerAndAwait(1);
        assertThat(spool.totals())
                .isEqualTo(
                        new SpoolTotals(spool.epoch(), 4, List.of(new SpoolTotals.Group(SpoolMessage.NO_GROUP, 4, 0))));
        assertThat(spool.read(4, 1, 1).get(0).message().number()).isEqualTo(4);
    }

    @Test
    void tellsItsStateToTheMetrics() {
        offerAndAwait(5);
        trimAndAwait(2);
        assertThat(metrics.get("waymark.spool.bytes.max").gauge().value()).isEqualTo((double) config.bytesMax());
        assertThat(metrics.get("waymark.spool.entries").gauge().value()).isEqualTo(3);
        assertThat(metrics.get("waymark.spool.first.position").gauge().value()).isEqualTo(3);
        assertThat(metrics.get("waymark.spool.last.position").gauge().value()).isEqualTo(5);
        assertThat(metrics.get("waymark.spool.bytes").gauge().value())
                .isEqualTo(3 * (ENTRY_BYTES + QueuedWrite.ENTRY_OVERHEAD_BYTES));
        assertThat(metrics.get("waymark.spool.offers")
                        .tag("outcome", "accepted")
                        .counter()
                        .count())
                .isEqualTo(5);
        assertThat(metrics.get("waymark.spool.batch.size").summary().totalAmount())
                .isEqualTo(5);
        assertThat(metrics.get("waymark.spool.commit.time").timer().count()).isPositive();
    }

    private void open() {
        metrics = new SimpleMeterRegistry();
        spool = Spool.open(config, metrics, clock, disk);
    }

    private void reopen() {
        spool.close();
        open();
    }

    private Spool.Offer offer(SpoolWrite write) {
        return spool.offer(write, completions.of(++offered));
    }

    private Spool.Offer offerOne() {
        return offer(new SpoolWrite(message(offered + 1), null));
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(offerOne()).isEqualTo(Spool.Offer.ACCEPTED);
        }
    }

    private void offerAndAwait(int count) {
        int before = completions.count();
        offer(count);
        awaitCompletions(before + count);
    }

    private void trimAndAwait(long position) {
        long held = spool.bytesHeld();
        spool.trim(position);
        clock.advance(config.retention().plusSeconds(2));
        await().until(() -> spool.first() == position + 1 && spool.bytesHeld() < held);
    }

    private void awaitCompletions(int count) {
        await().until(() -> completions.count() >= count);
    }

    private List<Spool.StoredSession> sessions() {
        List<Spool.StoredSession> found = new ArrayList<>();
        spool.sessions(found::add);
        return found;
    }

    /** Closes the spool, changes its disk, opens it. */
    private void overwriteEntry(long position, byte @Nullable [] entry) {
        spool.close();
        tamper(position, entry);
        open();
    }

    private void tamper(long position, byte @Nullable [] entry) {
        try (RocksStore store = raw();
                RocksBatch batch = new RocksBatch()) {
            if (entry == null) {
                batch.delete(store.family("entries"), SpoolDisk.key(position));
            } else {
                batch.put(store.family("entries"), SpoolDisk.key(position), entry);
            }
            store.write(batch);
        }
    }

    private RocksStore raw() {
        List<FamilySpec> families = List.of(
                new FamilySpec("entries", FamilySpec.Use.LOG),
                new FamilySpec("sessions", FamilySpec.Use.SMALL),
                new FamilySpec("qos2", FamilySpec.Use.SMALL),
                new FamilySpec("queues", FamilySpec.Use.QUEUE),
                new FamilySpec("retained", FamilySpec.Use.SMALL),
                new FamilySpec("notes", FamilySpec.Use.QUEUE),
                new FamilySpec("totals", FamilySpec.Use.SMALL),
                new FamilySpec("meta", FamilySpec.Use.SMALL));
        return RocksStore.open(new RocksConfig(directory, families, 1 << 20, 1 << 20));
    }

    private static SpoolMessage message(int i) {
        byte[] payload = "payload %2d".formatted(i).getBytes(StandardCharsets.UTF_8);
        return new SpoolMessage("device", "a/b", 1, 17, "", List.of(), payload);
    }

    private static List<Long> longs(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Integer> ints(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }
}
