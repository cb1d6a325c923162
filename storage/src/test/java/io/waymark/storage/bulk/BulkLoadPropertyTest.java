package io.waymark.storage.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.Ingestion.Table;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import io.waymark.storage.rocks.Cursor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random imports into one store; the lines not refused, registered one after the other, into another: both are the same. */
@Timeout(120)
class BulkLoadPropertyTest {
    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void anImportLeavesWhatRegistrationWouldLeave() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (RecordStore loaded = open("loaded");
                RecordStore registered = open("registered")) {
            for (int round = 0; round < 25; round++) {
                String what = "seed " + seed + ", round " + round;
                Import input = new Import(directory.resolve("import-" + round), 1 + random.nextInt(20));
                BulkPolicy policy = new BulkPolicy(random.nextBoolean(), random.nextBoolean());
                for (int n = random.nextInt(60); n >= 0; n--) {
                    line(input);
                }
                BulkResult result = input.load(loaded, policy, new Import.Open(), executor);
                Map<Integer, String> refused = input.refusals(result);
                assertThat((long) refused.size()).as(what).isEqualTo(result.refused());
                if (refused.isEmpty() || policy.skipRefused()) {
                    register(registered, input.lines(), refused);
                }
                change(loaded, registered);
                for (Table table : List.of(Table.RECORDS, Table.ALIASES, Table.ALIASES_OF)) {
                    assertThat(dump(loaded, table)).as("%s, %s", what, table).isEqualTo(dump(registered, table));
                }
                assertThat(feed(loaded))
                        .as(what)
                        .isEqualTo(dump(loaded, Table.RECORDS).keySet().stream()
                                .sorted()
                                .toList());
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private RecordStore open(String name) {
        return RecordStore.open(
                RecordStoreConfig.defaults(directory.resolve(name))
                        .with(new FeedPolicy(true, 1_000_000, Duration.ofDays(1))),
                new SimpleMeterRegistry());
    }

    private void line(Import input) {
        List<String> codes = new ArrayList<>();
        for (int n = random.nextInt(4); n > 1; n--) {
            codes.add("code:" + random.nextInt(120));
        }
        input.line(
                handle(),
                Long.toHexString(random.nextLong()),
                codes.stream().distinct().toArray(String[]::new));
    }

    private String handle() {
        return "p" + random.nextInt(2) + (random.nextBoolean() ? "/x" : "/X") + random.nextInt(150);
    }

    /** One unit, as an import is one. */
    private static void register(RecordStore store, List<RecordChange.Put> lines, Map<Integer, String> refused) {
        List<RecordChange> changes = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!refused.containsKey(i)) {
                changes.add(lines.get(i));
            }
        }
        store.apply(changes).join();
    }

    /** What happens between imports. */
    private void change(RecordStore loaded, RecordStore registered) {
        RecordChange change = new RecordChange.Delete(new Handle(handle()));
        loaded.apply(List.of(change)).join();
        registered.apply(List.of(change)).join();
    }

    private static Map<String, String> dump(RecordStore store, Table table) {
        Map<String, String> rows = new TreeMap<>(Comparator.naturalOrder());
        try (Cursor cursor = store.bulk().cursor(table)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                rows.put(
                        new String(cursor.key(), StandardCharsets.UTF_8),
                        HexFormat.of().formatHex(cursor.value()));
            }
        }
        return rows;
    }

    /** The records that a reader of the whole feed believes to exist. */
    private static List<String> feed(RecordStore store) {
        Map<String, Boolean> there = new HashMap<>();
        store.outbox()
                .orElseThrow()
                .read(1, Integer.MAX_VALUE, Long.MAX_VALUE)
                .forEach(version -> there.put(
                        version.handle().canonical(), !version.values().isEmpty()));
        return there.keySet().stream().filter(there::get).sorted().toList();
    }
}
