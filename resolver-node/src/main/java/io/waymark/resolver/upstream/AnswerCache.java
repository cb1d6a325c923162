package io.waymark.resolver.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.resolver.message.Response;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Remembers what other nodes answered, also that there is nothing, each answer as long as it allows. Bounded by bytes. Safe
 * for any thread.
 */
final class AnswerCache {
    private static final int ENTRY_BYTES = 300;
    private static final int VALUE_BYTES = 120;

    /**
     * A question.
     *
     * @param foldedHandle whose values
     * @param service stands for the sites asked: after a change of the delegation other answers count
     * @param purpose what the answer is for
     */
    record Key(String foldedHandle, long service, Purpose purpose) {}

    /** What an answer is for. */
    enum Purpose {
        /** To be passed on. */
        RESOLUTION,
        /** To judge by who somebody is. */
        IDENTITY
    }

    private record Entry(Response response, long lifeNanos, int bytes) {}

    private final Cache<Key, Entry> entries;

    AnswerCache(long bytesMax, LongSupplier nanos) {
        Ticker ticker = nanos::getAsLong;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .weigher((Key key, Entry entry) -> entry.bytes())
                .expireAfter(Expiry.<Key, Entry>creating((key, entry) -> java.time.Duration.ofNanos(entry.lifeNanos())))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    Optional<Response> get(Key key) {
        return Optional.ofNullable(entries.getIfPresent(key)).map(Entry::response);
    }

    void put(Key key, Response response, long lifeSeconds) {
        if (lifeSeconds > 0) {
            entries.put(key, new Entry(response, TimeUnit.SECONDS.toNanos(lifeSeconds), bytes(key, response)));
        } else {
            entries.invalidate(key);
        }
    }

    /** About what an entry takes on the heap. */
    private static int bytes(Key key, Response response) {
        int bytes = ENTRY_BYTES + 2 * key.foldedHandle().length();
        if (response.kind() == Response.Kind.VALUES) {
            bytes += ((Response.Values) response)
                    .values().stream()
                            .mapToInt(v -> VALUE_BYTES + HandleValueCodec.encodedSize(v))
                            .sum();
        }
        return bytes;
    }

    long size() {
        return entries.estimatedSize();
    }

    long bytes() {
        return entries.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
    }
}
