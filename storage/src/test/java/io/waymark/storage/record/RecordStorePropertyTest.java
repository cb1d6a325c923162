package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random units of changes against the store and against plain maps; reads through every door must agree. */
class RecordStorePropertyTest {
    private static final int STEPS = 400;
    private static final String[] NAMES = {"a", "A", "b", "ab", "ü", "茶", "a/b", "~"};
    private static final String[] PREFIXES = {"20", "20.1", "2", "0.NA"};

    @TempDir
    Path directory;

    private final TreeMap<String, RecordChange.Put> records = new TreeMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final ByteBuffer dst = ByteBuffer.allocateDirect(4096);

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20_261_122})
    void doesWhatPlainMapsWouldDo(long seed) {
        Random random = new Random(seed);
        RecordStore store = open(random);
        for (int step = 0; step < STEPS; step++) {
            String what = "seed " + seed + ", step " + step;
            if (random.nextInt(40) == 0) {
                store.close();
                store = open(random);
            }
            applySome(store, random, what);
            check(store, random, what);
        }
        store.close();
    }

    /** Several units at once, so that some share a commit. */
    private void applySome(RecordStore store, Random random, String what) {
        List<List<RecordChange>> units = new ArrayList<>();
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int n = random.nextInt(1, 6); n > 0; n--) {
            List<RecordChange> unit = unit(random);
            units.add(unit);
            done.add(store.apply(unit));
        }
        for (int i = 0; i < units.size(); i++) {
            if (model(units.get(i))) {
                done.get(i).join();
            } else {
                CompletableFuture<Void> refused = done.get(i);
                assertThatThrownBy(refused::join).as(what).hasCauseInstanceOf(AliasTakenException.class);
            }
        }
    }

    /** Applies the unit to the maps, unless an alias is taken. */
    private boolean model(List<RecordChange> unit) {
        Map<String, RecordChange> last = new TreeMap<>();
        unit.forEach(change -> last.put(change.handle().canonical(), change));
        Map<String, String> free = new HashMap<>(aliases);
        free.values().removeAll(last.keySet());
        for (Map.Entry<String, RecordChange> change : last.entrySet()) {
            if (change.getValue() instanceof RecordChange.Put put) {
                for (String alias : put.aliases()) {
                    String holder = free.put(alias, change.getKey());
                    if (holder != null && !holder.equals(change.getKey())) {
                        return false;
                    }
                }
            }
        }
        aliases.clear();
        aliases.putAll(free);
        last.forEach((key, change) -> {
            if (change instanceof RecordChange.Put put) {
                records.put(key, put);
            } else {
                records.remove(key);
            }
        });
        return true;
    }

    private void check(RecordStore store, Random random, String what) {
        for (int i = 0; i < 5; i++) {
            Handle handle = handle(random);
            RecordChange.Put expected = records.get(handle.canonical());
            assertThat(store.find(handle))
                    .as(what)
                    .isEqualTo(Optional.ofNullable(expected).map(RecordChange.Put::values));
            String octets = expected == null ? "" : encoded(expected);
            assertThat(readCached(store, handle)).as(what).isIn(octets, "only the disk knows");
            assertThat(read(store, handle)).as(what).isEqualTo(octets);
            assertThat(readCached(store, handle)).as(what).isIn(octets, "only the disk knows");
        }
        for (int i = 0; i < 12; i++) {
            String alias = "alias:" + i;
            assertThat(store.findByAlias(alias).map(Handle::canonical))
                    .as("%s, %s", what, alias)
                    .isEqualTo(Optional.ofNullable(aliases.get(alias)));
        }
        checkList(store, random, what);
    }

    private void checkList(RecordStore store, Random random, String what) {
        String prefix = random.nextBoolean() ? PREFIXES[random.nextInt(PREFIXES.length)] : "";
        String after = random.nextBoolean() ? handle(random).canonical() : "";
        int limit = random.nextInt(20);
        List<String> expected = records.entrySet().stream()
                .filter(e -> prefix.isEmpty() || e.getKey().startsWith(prefix + "/"))
                .filter(e -> e.getKey().compareTo(after) > 0)
                .limit(limit)
                .map(e -> e.getValue().handle().text())
                .toList();
        List<String> listed = new ArrayList<>();
        store.list(prefix, after, limit, handle -> listed.add(handle.text()));
        assertThat(listed).as("%s, list %s after %s", what, prefix, after).isEqualTo(expected);
    }

    private String read(RecordStore store, Handle handle) {
        return octets(store.read(key(handle), dst.clear()));
    }

    private String readCached(RecordStore store, Handle handle) {
        ByteBuffer key = key(handle);
        int length = store.readCached(store.hash(key), key, dst.clear());
        return length == RecordStore.NOT_IN_MEMORY ? "only the disk knows" : octets(length);
    }

    private static ByteBuffer key(Handle handle) {
        byte[] key = handle.canonical().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(key.length).put(key).flip();
    }

    private String octets(int length) {
        if (length == RecordStore.NOT_FOUND) {
            return "";
        }
        byte[] stored = new byte[length];
        dst.get(0, stored);
        return new String(stored, StandardCharsets.ISO_8859_1);
    }

    /** As it is stored, without its spelling. */
    private static String encoded(RecordChange.Put put) {
        Handle folded = new Handle(put.handle().canonical());
        return new String(StoredRecord.encode(folded, put.values()), StandardCharsets.ISO_8859_1);
    }

    private List<RecordChange> unit(Random random) {
        List<RecordChange> unit = new ArrayList<>();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            unit.add(random.nextInt(4) == 0 ? new RecordChange.Delete(handle(random)) : put(random));
        }
        return unit;
    }

    private static RecordChange put(Random random) {
        List<HandleValue> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(HandleValue.text(i, "URL", "v".repeat(random.nextInt(200)), random.nextInt()));
        }
        Set<String> aliases = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            aliases.add("alias:" + random.nextInt(12));
        }
        return new RecordChange.Put(handle(random), values, List.copyOf(aliases));
    }

    private static Handle handle(Random random) {
        return new Handle(PREFIXES[random.nextInt(PREFIXES.length)] + "/" + NAMES[random.nextInt(NAMES.length)]);
    }

    private RecordStore open(Random random) {
        long tier = random.nextBoolean() ? 0 : MemoryTier.BYTES_MIN;
        return RecordStore.open(new RecordStoreConfig(directory, 8 << 20, tier, 1_000), new SimpleMeterRegistry());
    }
}
