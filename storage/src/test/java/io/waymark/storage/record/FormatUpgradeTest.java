package io.waymark.storage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.DiskFormat;
import io.waymark.storage.rocks.FamilySpec;
import io.waymark.storage.rocks.FamilySpec.Use;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksConfig;
import io.waymark.storage.rocks.RocksStore;
import io.waymark.testing.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores as earlier versions of Waymark left them. */
class FormatUpgradeTest {
    private static final Handle TEA = new Handle("88.1/Tea");
    private static final int WRITTEN = 1_700_000_000;

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();

    @Test
    void aStoreOfFormat1IsReadAndItsRecordsBeginTheirHistory() {
        writeFormat1();
        Instant written = Instant.ofEpochSecond(WRITTEN);
        try (RecordStore store = open(RecordStoreConfig.defaults(directory))) {
            assertThat(store.find(TEA)).contains(values("old"));
            assertThat(store.findByAlias("gs1:1")).contains(TEA);
            assertThat(store.history(TEA, Long.MAX_VALUE, 9)).singleElement().satisfies(v -> {
                assertThat(v.action()).isEqualTo(Action.FOUND);
                assertThat(v.author()).isEqualTo(Author.UNKNOWN);
                assertThat(v.values()).isEqualTo(values("old"));
                assertThat(Instant.ofEpochMilli(v.millis())).isEqualTo(written);
            });
            assertThat(store.findAsOf(TEA, written.minusSeconds(1)).reach()).isEqualTo(AsOf.Reach.BEYOND_HISTORY);
            clock.advance(Duration.ofHours(1));
            store.apply(List.of(new RecordChange.Put(TEA, values("new"), List.of("gs1:2"))), Author.OPERATOR)
                    .join();
            assertThat(store.findByAlias("gs1:1"))
                    .as("an alias of the old content")
                    .isEmpty();
            assertThat(store.history(TEA, Long.MAX_VALUE, 9))
                    .extracting(Version::action)
                    .containsExactly(Action.REPLACED, Action.FOUND);
            assertThat(store.findAsOf(TEA, clock.instant().minusSeconds(1))
                            .version()
                            .orElseThrow()
                            .values())
                    .isEqualTo(values("old"));
            assertThat(store.findAsOf(TEA, written.minusSeconds(1)).reach()).isEqualTo(AsOf.Reach.BEYOND_HISTORY);
        }
    }

    @Test
    void itsRecordsAreToldByAFeed() {
        writeFormat1();
        RecordStoreConfig config =
                RecordStoreConfig.defaults(directory).with(new FeedPolicy(true, 1_000, Duration.ZERO));
        try (RecordStore store = open(config)) {
            store.apply(List.of(new RecordChange.Delete(TEA))).join();
            assertThat(store.outbox().orElseThrow().read(1, 9, 1 << 20))
                    .extracting(Version::action, Version::values)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(Action.FOUND, values("old")),
                            org.assertj.core.groups.Tuple.tuple(Action.DELETED, List.of()));
        }
    }

    @Test
    void anOlderWaymarkRefusesTheStoreFromThenOn() {
        writeFormat1();
        open(RecordStoreConfig.defaults(directory)).close();
        try (RecordTables tables = RecordTables.open(RecordStoreConfig.defaults(directory))) {
            assertThatThrownBy(() -> DiskFormat.check(tables.store(), tables.meta(), 1))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("has format 2 but this version of Waymark reads 1..1");
        }
    }

    @Test
    void layoutsAreAsDrawn() {
        RecordHead head = new RecordHead(Action.MODIFIED, true, 3, 4, 5, 6, 7, new Author("a"));
        assertThat(HexFormat.of().formatHex(head.encode()))
                .isEqualTo(
                        "01" // version
                                + "03" // modified
                                + "01" // has aliases
                                + "00"
                                + "00000003" // versions ever
                                + "0000000000000004" // sequence
                                + "0000000000000005" // when
                                + "00000006" // kept
                                + "0000000000000007" // the oldest went out of force
                                + "61"); // author
        assertThat(RecordHead.decode(head.encode())).isEqualTo(head);
        Mark mark = new Mark(1, 2, 3);
        assertThat(HexFormat.of().formatHex(mark.encode()))
                .isEqualTo("0000000000000001" + "0000000000000002" + "0000000000000003");
        try (RecordStore store =
                open(RecordStoreConfig.defaults(directory).with(new FeedPolicy(true, 9, Duration.ZERO)))) {
            store.apply(List.of(new RecordChange.Put(new Handle("1/A"), values(""), List.of())), new Author("a"))
                    .join();
            store.apply(List.of(new RecordChange.Delete(new Handle("1/a"))), new Author("b"))
                    .join();
        }
        try (RecordTables tables = RecordTables.open(RecordStoreConfig.defaults(directory))) {
            String millis = HexFormat.of().toHexDigits(clock.millis());
            assertThat(rows(tables, tables.history().rows()))
                    .containsExactly("312f41" + "00" + HexFormat.of().toHexDigits(~clock.millis()) + "fffffffffffffffe"
                            + " = 01" // version
                            + "01" // created
                            + "0001" // author length
                            + "00000001" // number
                            + "61" // author
                            + HexFormat.of().formatHex(StoredRecord.encode(new Handle("1/A"), values(""))));
            assertThat(rows(tables, tables.outbox().notes()))
                    .containsExactly(
                            "0000000000000001 = 01" + "01" + "0001" + "0000000000000001" + millis + "0000000000000000"
                                    + "0000000000000001" + "61" + "312f41",
                            "0000000000000002 = 01" // version
                                    + "04" // deleted
                                    + "0001" // author length
                                    + "0000000000000002" // notes ever
                                    + millis
                                    + "0000000000000000" // no bulk
                                    + "0000000000000001" // one change
                                    + "62" // author
                                    + "312f41"); // 1/A
        }
    }

    private static List<String> rows(RecordTables tables, io.waymark.storage.rocks.ColumnFamily family) {
        List<String> rows = new java.util.ArrayList<>();
        try (io.waymark.storage.rocks.Cursor cursor = tables.store().cursor(family)) {
            for (boolean more = cursor.seekFirst(); more; more = cursor.next()) {
                rows.add(HexFormat.of().formatHex(cursor.key()) + " = "
                        + HexFormat.of().formatHex(cursor.value()));
            }
        }
        return rows;
    }

    private RecordStore open(RecordStoreConfig config) {
        return RecordStore.open(config, new SimpleMeterRegistry(), clock);
    }

    private void writeFormat1() {
        List<FamilySpec> families = List.of(
                new FamilySpec("records", Use.POINT_LOOKUP),
                new FamilySpec("aliases", Use.POINT_LOOKUP),
                new FamilySpec("aliases_of", Use.POINT_LOOKUP),
                new FamilySpec("meta", Use.SMALL));
        try (RocksStore store = RocksStore.open(new RocksConfig(directory, families, 1 << 20, 1 << 20));
                RocksBatch batch = new RocksBatch()) {
            DiskFormat.check(store, store.family("meta"), 1);
            byte[] key = utf8("88.1/TEA");
            batch.put(store.family("records"), key, StoredRecord.encode(TEA, values("old")));
            batch.put(store.family("aliases"), utf8("gs1:1"), key);
            byte[] list = {1, 0, 5, 'g', 's', '1', ':', '1'};
            batch.put(store.family("aliases_of"), key, list);
            store.write(batch);
        }
    }

    private static List<HandleValue> values(String text) {
        return List.of(HandleValue.text(1, "DESC", text, WRITTEN));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
