package io.waymark.resolver.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.waymark.identifier.Handle;
import io.waymark.storage.record.RecordStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Where pages far into a list begin. Whoever turns page after page begins each where the last ended, remembered for a minute;
 * whoever jumps has the handles before his page passed over, {@value #STRIDE} at a time, so that others have their turn
 * between, and of no more than {@value #WALKS_MAX} such readers at once. Safe for any thread.
 */
final class PagePlaces {
    static final int STRIDE = 100_000;
    private static final int WALKS_MAX = 4;
    private static final int PREFIXES_MAX = 64;
    private static final int PLACES_MAX = 64;
    private static final Duration LIFE = Duration.ofMinutes(1);

    /**
     * A place in a list.
     *
     * @param offset handles before it
     * @param afterFolded the last of them, folded; empty at the beginning
     * @param end whether the list ends here
     */
    record Place(long offset, String afterFolded, boolean end) {
        static final Place BEGINNING = new Place(0, "", false);
    }

    private record Seen(Place place, long nanos) {}

    private final RecordStore records;
    private final AdminCalls calls;
    private final Semaphore walks = new Semaphore(WALKS_MAX);
    private final Cache<String, ConcurrentSkipListMap<Long, Seen>> known = Caffeine.newBuilder()
            .maximumSize(PREFIXES_MAX)
            .expireAfterAccess(LIFE)
            .build();

    PagePlaces(RecordStore records, AdminCalls calls) {
        this.records = records;
        this.calls = calls;
    }

    /**
     * Finds a place; one nearer if the list ends before. Fails with {@link RejectedExecutionException} if too many are looking.
     *
     * @param prefix as in {@code 88.118.8}
     */
    CompletableFuture<Place> find(String prefix, long offset) {
        Place from = nearest(places(prefix), offset);
        if (from.offset() == offset) {
            return CompletableFuture.completedFuture(from);
        }
        if (!walks.tryAcquire()) {
            return CompletableFuture.failedFuture(new RejectedExecutionException("too many walk far into lists"));
        }
        return walk(prefix, from, offset).whenComplete((place, failure) -> walks.release());
    }

    private static Place nearest(ConcurrentSkipListMap<Long, Seen> places, long offset) {
        long now = System.nanoTime();
        places.values().removeIf(seen -> now - seen.nanos() > LIFE.toNanos());
        Map.Entry<Long, Seen> nearest = places.floorEntry(offset);
        return nearest == null ? Place.BEGINNING : nearest.getValue().place();
    }

    private CompletableFuture<Place> walk(String prefix, Place from, long offset) {
        if (from.end() || from.offset() == offset) {
            return CompletableFuture.completedFuture(from);
        }
        return calls.later(() -> walk(prefix, step(prefix, from, offset), offset));
    }

    private Place step(String prefix, Place from, long offset) {
        int wanted = (int) Math.min(STRIDE, offset - from.offset());
        Handle[] last = new Handle[1];
        int[] passed = {0};
        records.list(prefix, from.afterFolded(), wanted, handle -> {
            last[0] = handle;
            passed[0]++;
        });
        String after = last[0] == null ? from.afterFolded() : last[0].canonical();
        Place place = new Place(from.offset() + passed[0], after, passed[0] < wanted);
        if (!place.end()) {
            remember(prefix, place);
        }
        return place;
    }

    /** Remembers where a page ended. */
    void remember(String prefix, Place place) {
        ConcurrentSkipListMap<Long, Seen> places = places(prefix);
        places.put(place.offset(), new Seen(place, System.nanoTime()));
        if (places.size() > PLACES_MAX) {
            places.pollFirstEntry();
        }
    }

    private ConcurrentSkipListMap<Long, Seen> places(String prefix) {
        return known.get(Handle.foldAscii(prefix), p -> new ConcurrentSkipListMap<>());
    }
}
