package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Readers and the single writer at once, on a tier so small that its rings turn all the time. An array of version numbers
 * plays RocksDB. A reader must see, for each key: whole records only, no version older than what was acknowledged before it
 * asked, none newer than RocksDB has, and never an older one than it saw before.
 */
@Timeout(120)
class MemoryTierConcurrencyTest {
    private static final int KEYS = 600;
    private static final int READERS = 3;
    private static final long RUN_MILLIS = 4_000;

    private final MemoryTier tier = new MemoryTier(MemoryTier.BYTES_MIN, new SimpleMeterRegistry());
    private final List<byte[]> keys = new ArrayList<>();
    private final AtomicIntegerArray database = new AtomicIntegerArray(KEYS);
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(KEYS);
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong hits = new AtomicLong();
    private final long seed = System.nanoTime();
    private volatile boolean stop;

    @Test
    void showsEveryReaderWholeRecordsInOrder() throws Exception {
        for (int k = 0; k < KEYS; k++) {
            keys.add(("20.500/" + "k".repeat(k % 23) + k).getBytes(StandardCharsets.US_ASCII));
        }
        List<Thread> threads = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            Random random = new Random(seed + reader);
            threads.add(new Thread(() -> readAll(random)));
        }
        threads.add(new Thread(() -> writeAll(new Random(seed - 1))));
        threads.forEach(Thread::start);
        // Runs until the time is up or a violation stops it.
        threads.get(READERS).join(RUN_MILLIS);
        stop = true;
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(violations).as("seed %d", seed).isEmpty();
        assertThat(hits.get()).as("hits").isGreaterThan(10_000);
        assertThat(tier.evictions()).as("evictions").isGreaterThan(1_000);
    }

    private void writeAll(Random random) {
        while (!stop) {
            List<Integer> batch = random.ints(random.nextInt(1, 5), 0, KEYS)
                    .distinct()
                    .boxed()
                    .toList();
            List<byte[]> written = batch.stream().map(keys::get).toList();
            tier.beginWrite(written);
            batch.forEach(database::incrementAndGet);
            tier.endWrite(written);
            batch.forEach(acknowledged::incrementAndGet);
            for (int i = random.nextInt(2_000); i > 0 && !stop; i--) {
                Thread.onSpinWait();
            }
        }
    }

    private void readAll(Random random) {
        int[] seen = new int[KEYS];
        ByteBuffer key = ByteBuffer.allocateDirect(64);
        ByteBuffer dst = ByteBuffer.allocateDirect(2048);
        while (!stop) {
            int k = random.nextInt(1 + random.nextInt(KEYS));
            key.clear().put(keys.get(k)).flip();
            int floor = Math.max(seen[k], acknowledged.get(k));
            int version = read(k, key, dst.clear());
            int ceiling = database.get(k);
            if (version < floor || version > ceiling) {
                violations.add("key " + k + ": version " + version + " is not in " + floor + ".." + ceiling);
                stop = true;
            }
            seen[k] = version;
        }
    }

    private int read(int k, ByteBuffer key, ByteBuffer dst) {
        long hash = tier.hash(key);
        int length = tier.read(hash, key, dst);
        if (length != MemoryTier.MISS) {
            hits.incrementAndGet();
            return version(k, dst, length);
        }
        long stamp = tier.stamp(hash);
        int version = database.get(k);
        tier.fill(hash, key, dst, write(k, version, dst), stamp);
        return version;
    }

    /** A record of key and version, whose every octet tells them. */
    private static int write(int k, int version, ByteBuffer dst) {
        int length = length(k, version);
        dst.putInt(0, k).putInt(4, version);
        for (int i = 8; i < length; i++) {
            dst.put(i, (byte) (k + version + i));
        }
        return length;
    }

    private int version(int k, ByteBuffer dst, int length) {
        int version = dst.getInt(4);
        boolean whole = dst.getInt(0) == k && length == length(k, version);
        for (int i = 8; whole && i < length; i++) {
            whole = dst.get(i) == (byte) (k + version + i);
        }
        if (!whole) {
            violations.add("key " + k + ": a torn record of " + length + " octets, version " + version);
            stop = true;
        }
        return version;
    }

    private static int length(int k, int version) {
        return 8 + Math.floorMod(k * 31 + version * 17, 1_200);
    }
}
