package io.waymark.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.Outbox;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.record.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Registers numbered pairs of records for ever, each pair one unit, and prints each number made durable. The alias
 * {@code last} moves with every pair, until one failed: then nobody can know where it is.
 */
final class RegisteringProcess {
    private static final int WAITING_MAX = 512;

    private RegisteringProcess() {}

    public static void main(String[] args) throws InterruptedException {
        RecordStore store = RecordStore.open(config(Path.of(args[0])), new SimpleMeterRegistry());
        Semaphore waiting = new Semaphore(WAITING_MAX);
        AtomicBoolean failed = new AtomicBoolean();
        for (int number = Integer.parseInt(args[1]); ; number++) {
            waiting.acquire();
            int done = number;
            store.apply(failed.get() ? plainPair(number) : pair(number)).whenComplete((nothing, failure) -> {
                System.out.print((failure == null ? "U " : "F ") + done + "\n");
                failed.compareAndSet(false, failure != null);
                // Slowly: a full disk would else fill the claims.
                LockSupport.parkNanos(failure == null ? 0 : 1_000_000);
                waiting.release();
            });
        }
    }

    /** With a feed that nobody publishes. */
    static RecordStoreConfig config(Path directory) {
        return RecordStoreConfig.defaults(directory).with(new FeedPolicy(true, 1L << 40, Duration.ZERO));
    }

    /** Every number once, and the last that is told of a record is what it is. */
    static void checkOutbox(RecordStore store, String what) {
        Outbox outbox = store.outbox().orElseThrow();
        Map<Handle, Version> last = new HashMap<>();
        for (long next = 1; next <= outbox.last(); ) {
            for (Version version : outbox.read(next, 1_000, 1 << 20)) {
                assertThat(version.sequence()).as(what).isEqualTo(next++);
                last.put(version.handle(), version);
            }
        }
        last.forEach((handle, version) -> {
            assertThat(store.find(handle)).as(what).contains(version.values());
            assertThat(store.history(handle, Long.MAX_VALUE, 1).get(0).sequence())
                    .as(what)
                    .isEqualTo(version.sequence());
        });
        Set<Handle> listed = new HashSet<>();
        store.list("", "", Integer.MAX_VALUE, listed::add);
        assertThat(last.keySet().equals(listed)).as(what).isTrue();
    }

    static Handle left(int number) {
        return new Handle("20.500/left-" + number);
    }

    static Handle right(int number) {
        return new Handle("20.500/RIGHT-" + number);
    }

    static List<HandleValue> values(int number) {
        return List.of(HandleValue.text(1, "NUMBER", Integer.toString(number), number));
    }

    private static List<RecordChange> plainPair(int number) {
        return List.of(
                new RecordChange.Put(left(number), values(number), List.of()),
                new RecordChange.Put(right(number), values(number), List.of()));
    }

    /** Registers one pair and takes the alias from the pair before. */
    private static List<RecordChange> pair(int number) {
        RecordChange left = new RecordChange.Put(left(number), values(number), List.of("last", "left:" + number));
        RecordChange right = new RecordChange.Put(right(number), values(number), List.of("right:" + number));
        if (number == 0) {
            return List.of(left, right);
        }
        int before = number - 1;
        return List.of(left, right, new RecordChange.Put(left(before), values(before), List.of("left:" + before)));
    }
}
