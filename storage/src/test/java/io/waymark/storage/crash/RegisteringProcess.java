package io.waymark.storage.crash;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.nio.file.Path;
import java.util.List;
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
        RecordStore store = RecordStore.open(RecordStoreConfig.defaults(Path.of(args[0])), new SimpleMeterRegistry());
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
