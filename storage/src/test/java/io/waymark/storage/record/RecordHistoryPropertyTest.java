package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** History and outbox against a plain list of all changes, under random changes, times, publications and reopenings. */
class RecordHistoryPropertyTest {
    private static final int STEPS = 400;
    private static final int RECORDS = 6;
    private static final int VERSIONS_MAX = 5;
    private static final Duration AGE_MAX = Duration.ofHours(30);

    /** A change as it happened. */
    private record Happened(String key, long sequence, long millis, Action action, String author, String text) {}

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private final List<Happened> all = new ArrayList<>();
    private long millis;
    private long published;

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 20_261_122})
    void saysWhatHappened(long seed) {
        Random random = new Random(seed);
        RecordStore store = open(random);
        for (int step = 0; step < STEPS; step++) {
            String what = "seed " + seed + ", step " + step;
            if (random.nextInt(30) == 0) {
                store.close();
                store = open(random);
            }
            clock.advance(Duration.ofMinutes(random.nextInt(-30, 200)));
            applySome(store, random);
            publishSome(store, random);
            checkOutbox(store, random, what);
            for (int i = 0; i < RECORDS; i++) {
                checkHistory(store, handle(i), random, what);
            }
        }
        store.close();
    }

    /** Units that share a commit, if the writer is slow enough. */
    private void applySome(RecordStore store, Random random) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            Map<String, RecordChange> unit = new HashMap<>();
            for (int m = random.nextInt(1, 4); m > 0; m--) {
                RecordChange change = change(random);
                unit.put(change.handle().canonical(), change);
            }
            Author author = new Author("author-" + random.nextInt(3));
            List<RecordChange> changes = List.copyOf(unit.values());
            changes.forEach(change -> model(change, author));
            done.add(store.apply(changes, author));
        }
        done.forEach(CompletableFuture::join);
    }

    private void model(RecordChange change, Author author) {
        String key = change.handle().canonical();
        boolean there = all.stream()
                .filter(h -> h.key().equals(key))
                .reduce((a, b) -> b)
                .map(h -> h.action() != Action.DELETED)
                .orElse(false);
        if (change instanceof RecordChange.Put put) {
            Action action = there ? put.edited() ? Action.MODIFIED : Action.REPLACED : Action.CREATED;
            happened(key, action, author, put.values().get(0).dataText());
        } else if (there) {
            happened(key, Action.DELETED, author, "");
        }
    }

    private void happened(String key, Action action, Author author, String text) {
        millis = Math.max(millis, clock.millis());
        all.add(new Happened(key, all.size() + 1, millis, action, author.name(), text));
    }

    private void publishSome(RecordStore store, Random random) {
        if (random.nextInt(4) == 0 && all.size() > published) {
            published = random.nextLong(published, all.size()) + 1;
            store.outbox().orElseThrow().published(published);
        }
    }

    private void checkOutbox(RecordStore store, Random random, String what) {
        Outbox outbox = store.outbox().orElseThrow();
        assertThat(outbox.last()).as(what).isEqualTo(all.size());
        assertThat(outbox.first()).as(what).isLessThanOrEqualTo(published + 1);
        long from = published + 1;
        List<Version> read = outbox.read(from, random.nextInt(1, 50), 1 << 20);
        assertThat(read.isEmpty()).as(what).isEqualTo(published == all.size());
        for (int i = 0; i < read.size(); i++) {
            assertThat(happened(read.get(i))).as(what).isEqualTo(all.get((int) from - 1 + i));
        }
    }

    private void checkHistory(RecordStore store, Handle handle, Random random, String what) {
        List<Happened> mine = new ArrayList<>(
                all.stream().filter(h -> h.key().equals(handle.canonical())).toList());
        List<Happened> read = new ArrayList<>(store.history(handle, Long.MAX_VALUE, 1_000).stream()
                .map(this::happened)
                .toList());
        java.util.Collections.reverse(read);
        assertThat(read).as(what).isEqualTo(mine.subList(mine.size() - read.size(), mine.size()));
        assertThat(read.isEmpty()).as(what).isEqualTo(mine.isEmpty());
        checkBounds(mine, read, what);
        checkAsOf(store, handle, mine, read, random, what);
    }

    /** What must be kept is: the youngest, and what was in force at the horizon; what is kept has a reason. */
    private void checkBounds(List<Happened> mine, List<Happened> read, String what) {
        if (mine.isEmpty()) {
            return;
        }
        long changed = mine.get(mine.size() - 1).millis();
        long horizon = changed - AGE_MAX.toMillis();
        int owed = 0;
        for (int i = mine.size() - 2;
                i >= 0 && owed < VERSIONS_MAX && mine.get(i + 1).millis() >= horizon;
                i--) {
            owed++;
        }
        assertThat(read.size() - 1).as(what).isGreaterThanOrEqualTo(owed);
    }

    private void checkAsOf(
            RecordStore store, Handle handle, List<Happened> mine, List<Happened> read, Random random, String what) {
        for (int i = 0; i < 3; i++) {
            long time = millis - random.nextLong(Duration.ofHours(60).toMillis());
            AsOf asOf = store.findAsOf(handle, Instant.ofEpochMilli(time));
            Happened expected = mine.stream()
                    .filter(h -> h.millis() <= time)
                    .reduce((a, b) -> b)
                    .orElse(null);
            if (expected == null && (mine.isEmpty() || read.get(0).equals(mine.get(0)))) {
                assertThat(asOf.reach()).as(what).isEqualTo(AsOf.Reach.NEVER_YET);
            } else if (expected == null || !read.contains(expected)) {
                assertThat(asOf.reach()).as(what).isEqualTo(AsOf.Reach.BEYOND_HISTORY);
            } else {
                assertThat(asOf.version().map(this::happened)).as(what).contains(expected);
            }
        }
    }

    private Happened happened(Version v) {
        String text = v.values().isEmpty() ? "" : v.values().get(0).dataText();
        return new Happened(
                v.handle().canonical(),
                v.sequence(),
                v.millis(),
                v.action(),
                v.author().name(),
                text);
    }

    private static RecordChange change(Random random) {
        Handle handle = handle(random.nextInt(RECORDS));
        if (random.nextInt(4) == 0) {
            return new RecordChange.Delete(handle);
        }
        List<HandleValue> values = List.of(HandleValue.text(1, "DESC", "text " + random.nextInt(), 17));
        List<String> aliases = random.nextInt(3) == 0 ? List.of("code:" + handle.canonical()) : List.of();
        return new RecordChange.Put(handle, values, aliases, random.nextBoolean());
    }

    private static Handle handle(int number) {
        return new Handle("88.1/" + "Tea".substring(0, 1 + number / 2) + (number % 2 == 0 ? "" : "s"));
    }

    private RecordStore open(Random random) {
        Duration retention = random.nextBoolean() ? Duration.ZERO : Duration.ofHours(3);
        RecordStoreConfig config = RecordStoreConfig.defaults(directory)
                .with(new HistoryPolicy(VERSIONS_MAX, AGE_MAX))
                .with(new FeedPolicy(true, 1_000_000, retention));
        return RecordStore.open(config, new SimpleMeterRegistry(), clock);
    }
}
