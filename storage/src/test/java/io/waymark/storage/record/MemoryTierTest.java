package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTierTest {
    private static final int SMALL = 64 * 1024;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ByteBuffer dst = ByteBuffer.allocateDirect(8192);

    @Test
    void missesWhatItWasNotTold() {
        assertThat(read(tier(SMALL), "20/TEA")).isNull();
    }

    @Test
    void copiesToTheBuffersPositionAndLeavesBothBuffersAsTheyWere() {
        MemoryTier tier = tier(SMALL);
        fill(tier, "20/TEA", "leaves");
        ByteBuffer key = direct("__20/TEA__").position(2).limit(8);
        dst.clear().position(100).limit(110);
        assertThat(tier.read(tier.hash(key), key, dst)).isEqualTo(6);
        assertThat(dst.position()).isEqualTo(100);
        assertThat(dst.limit()).isEqualTo(110);
        assertThat(key.position()).isEqualTo(2);
        byte[] copied = new byte[7];
        dst.get(100, copied);
        assertThat(new String(copied, StandardCharsets.US_ASCII)).isEqualTo("leaves\0");
    }

    @Test
    void tellsTheTrueLengthWhenThereIsNoRoom() {
        MemoryTier tier = tier(SMALL);
        fill(tier, "20/TEA", "leaves");
        ByteBuffer key = direct("20/TEA");
        assertThat(tier.read(tier.hash(key), key, dst.clear().limit(5))).isEqualTo(6);
        assertThat(dst.get(0)).isZero();
    }

    @Test
    void forgetsAWrittenKeyAndTakesItAgainOnlyAfterTheWrite() {
        MemoryTier tier = tier(SMALL);
        fill(tier, "20/TEA", "old");
        tier.beginWrite(keys("20/TEA"));
        assertThat(read(tier, "20/TEA")).isNull();
        fill(tier, "20/TEA", "old, read while the commit ran");
        assertThat(read(tier, "20/TEA")).isNull();
        tier.endWrite(keys("20/TEA"));
        fill(tier, "20/TEA", "new");
        assertThat(read(tier, "20/TEA")).isEqualTo("new");
    }

    @Test
    void refusesWhatWasReadBeforeAWriteThatIsOver() {
        MemoryTier tier = tier(SMALL);
        ByteBuffer key = direct("20/TEA");
        long stamp = tier.stamp(tier.hash(key));
        tier.beginWrite(keys("20/TEA", "20/TEA"));
        tier.endWrite(keys("20/TEA", "20/TEA"));
        tier.fill(tier.hash(key), key, direct("old"), 3, stamp);
        assertThat(read(tier, "20/TEA")).isNull();
    }

    @Test
    void keepsNoRecordTooLargeForIt() {
        MemoryTier tier = tier(SMALL);
        fill(tier, "20/TEA", "x".repeat(5_000));
        assertThat(read(tier, "20/TEA")).isNull();
        assertThat(tier.entries()).isZero();
    }

    @Test
    void staysWithinItsBytes() {
        for (long bytes : new long[] {SMALL, 100_000, 1 << 20, 7_654_321, 300L << 20}) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            assertThat(new MemoryTier(bytes, registry)).isNotNull();
            assertThat(registry.get("waymark.records.memory.bytes").gauge().value())
                    .isBetween(bytes * 0.45, (double) bytes);
        }
        assertThatThrownBy(() -> tier(SMALL - 1))
                .hasMessage("memory tier must have at least 65536 bytes but was given 65535");
    }

    @Test
    void countsHitsMissesEvictionsAndEntries() {
        MemoryTier tier = tier(SMALL);
        for (int i = 0; i < 10_000; i++) {
            fill(tier, "20/" + i, "x".repeat(100));
        }
        read(tier, "20/9999");
        read(tier, "20/0");
        assertThat(counter("hits")).isEqualTo(1);
        assertThat(counter("misses")).isEqualTo(1);
        double entries = metrics.get("waymark.records.memory.entries").gauge().value();
        assertThat(entries).isBetween(100.0, SMALL / 100.0);
        assertThat(counter("evictions")).isEqualTo(10_000 - entries);
    }

    /** Asked often, a record stays while ten times the tier's size streams by. */
    @Test
    void keepsWhatIsAskedFor() {
        MemoryTier tier = tier(1 << 20);
        List<String> hot = IntStream.range(0, 200).mapToObj(i -> "20/HOT-" + i).toList();
        hot.forEach(key -> fill(tier, key, "h".repeat(100)));
        int lost = 0;
        for (int i = 0; i < 100_000; i++) {
            fill(tier, "20/COLD-" + i, "c".repeat(100));
            String key = hot.get(i % hot.size());
            if (read(tier, key) == null) {
                lost++;
                fill(tier, key, "h".repeat(100));
            }
        }
        // Only a crowded bucket loses one now and then.
        assertThat(lost).isLessThan(2_000);
    }

    @Test
    void answersWithoutAllocating() {
        MemoryTier tier = tier(1 << 20);
        ByteBuffer key = direct("20.500.12345/SOME-HANDLE");
        ByteBuffer unknown = direct("20.500.12345/SOME-OTHER");
        tier.fill(tier.hash(key), key, direct("x".repeat(200)), 200, tier.stamp(tier.hash(key)));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        for (int i = 0; i < 20_000; i++) {
            readBoth(tier, key, unknown);
        }
        long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < 20_000; i++) {
            readBoth(tier, key, unknown);
        }
        // The hit and miss counters may grow a cell; 40 000 reads that allocated would need megabytes.
        assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(10_000);
    }

    private void readBoth(MemoryTier tier, ByteBuffer key, ByteBuffer unknown) {
        assert tier.read(tier.hash(key), key, dst.clear()) == 200;
        assert tier.read(tier.hash(unknown), unknown, dst.clear()) == MemoryTier.MISS;
    }

    /** Whatever it answers must be what the map holds, through thousands of turns of the rings. */
    @ParameterizedTest
    @ValueSource(longs = {3, 1_000_003, 20_261_122})
    void neverAnswersWhatAMapWouldNot(long seed) {
        Random random = new Random(seed);
        MemoryTier tier = tier(SMALL + random.nextInt(SMALL));
        Map<String, String> map = new HashMap<>();
        int hits = 0;
        for (int step = 0; step < 200_000; step++) {
            String key = key(random);
            if (random.nextInt(10) == 0) {
                tier.beginWrite(keys(key));
                if (random.nextInt(4) == 0) {
                    map.remove(key);
                } else {
                    map.put(
                            key,
                            (char) ('a' + random.nextInt(26)) + "v".repeat(random.nextInt(random.nextInt(1, 1_500))));
                }
                tier.endWrite(keys(key));
            } else {
                String found = read(tier, key);
                if (found != null) {
                    hits++;
                    assertThat(found).as("seed %d, step %d", seed, step).isEqualTo(map.get(key));
                } else if (map.containsKey(key)) {
                    fill(tier, key, map.get(key));
                }
            }
        }
        assertThat(hits).isGreaterThan(10_000);
        assertThat(tier.evictions()).isGreaterThan(10_000);
    }

    /** Zipf-like, of all lengths from one octet on. */
    private static String key(Random random) {
        int number = random.nextInt(random.nextInt(random.nextInt(1, 2_000) + 1) + 1);
        return "x".repeat(1 + number % 19) + number;
    }

    private @Nullable String read(MemoryTier tier, String key) {
        ByteBuffer octets = direct(key);
        int length = tier.read(tier.hash(octets), octets, dst.clear());
        if (length == MemoryTier.MISS) {
            return null;
        }
        byte[] copied = new byte[length];
        dst.get(0, copied);
        return new String(copied, StandardCharsets.US_ASCII);
    }

    private static void fill(MemoryTier tier, String key, String value) {
        ByteBuffer octets = direct(key);
        long hash = tier.hash(octets);
        tier.fill(hash, octets, direct(value), value.length(), tier.stamp(hash));
    }

    private MemoryTier tier(long bytes) {
        return new MemoryTier(bytes, metrics);
    }

    private double counter(String name) {
        return metrics.get("waymark.records.memory." + name).functionCounter().count();
    }

    private static List<byte[]> keys(String... keys) {
        return List.of(keys).stream()
                .map(key -> key.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    static ByteBuffer direct(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(octets.length).put(octets).flip();
    }
}
