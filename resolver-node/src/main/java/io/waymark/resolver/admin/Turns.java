package io.waymark.resolver.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Lets changes of the same record happen one after the other and changes of different records at the same time. A change
 * reads a record, decides and writes; without turns two of them could both read the old content and one be lost.
 *
 * <p>Safe for any thread. A change waits for the last one before it on each of its keys; all keys are taken at once, so
 * no two changes can wait for each other. A change that had to wait is decided on the common pool: not on the thread that
 * finished the one before, which is the store's writer.
 */
final class Turns {
    private final Map<String, CompletableFuture<Void>> lastOfKey = new HashMap<>();

    <T> CompletableFuture<T> take(Collection<String> keys, Supplier<CompletableFuture<T>> change) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> before = enqueue(new TreeSet<>(keys), mine);
        CompletableFuture<T> result = before.isDone() ? guarded(change) : before.thenComposeAsync(v -> guarded(change));
        return result.whenComplete((value, failure) -> leave(keys, mine));
    }

    private CompletableFuture<Void> enqueue(Collection<String> keys, CompletableFuture<Void> mine) {
        synchronized (lastOfKey) {
            CompletableFuture<?>[] waitFor = keys.stream()
                    .map(key -> lastOfKey.put(key, mine))
                    .filter(last -> last != null)
                    .toArray(CompletableFuture<?>[]::new);
            return CompletableFuture.allOf(waitFor);
        }
    }

    private void leave(Collection<String> keys, CompletableFuture<Void> mine) {
        synchronized (lastOfKey) {
            keys.forEach(key -> lastOfKey.remove(key, mine));
        }
        mine.complete(null);
    }

    private static <T> CompletableFuture<T> guarded(Supplier<CompletableFuture<T>> change) {
        try {
            return change.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
