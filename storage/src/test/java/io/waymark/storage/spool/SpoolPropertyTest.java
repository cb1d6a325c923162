package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import io.waymark.testing.MovableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations against the spool and against plain maps; after each, both must tell the same. */
class SpoolPropertyTest {
    private static final int STEPS = 80;
    private static final String[] GROUPS = {"kiln", "tunnel", SpoolMessage.NO_GROUP, "茶"};
    private static final String[] CLIENTS = {"", "a", "ab", "b", "ü", "a\u0000"};

    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private final FaultyDisk disk = new FaultyDisk();
    private final RecordedCompletions completions = new RecordedCompletions();
    private Random random = new Random();
    private @Nullable Spool spool;
    private int offered;

    // The model.
    private final TreeMap<Long, SpoolMessage> entries = new TreeMap<>();
    private final Map<String, byte[]> states = new TreeMap<>();
    private final Map<String, TreeSet<Integer>> packetIds = new TreeMap<>();
    private final Map<String, Long> groups = new TreeMap<>();
    private final Map<String, Long> qos0 = new TreeMap<>();
    private long last;

    @AfterEach
    void close() {
        spool().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20_261_122, 77_777})
    void doesWhatAPlainMapWouldDo(long seed) {
        random = new Random(seed);
        open();
        for (int step = 0; step < STEPS; step++) {
            String what = "seed " + seed + ", step " + step;
            switch (random.nextInt(20)) {
                case 0 -> reopen();
                case 1, 2 -> trim();
                case 3, 4 -> failSome();
                default -> writeSome(random.nextInt(1, 30));
            }
            check(what);
        }
        reopen();
        check("seed " + seed + ", at the end");
        completions.assertEachToldOnce();
    }

    private void writeSome(int count) {
        int first = offered + 1;
        List<SpoolWrite> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(offer());
        }
        awaitTold();
        Map<Integer, Long> durable = completions.durable();
        for (int i = 0; i < count; i++) {
            SpoolMessage message = writes.get(i).message();
            long expected = message == null ? 0 : ++last;
            assertThat(durable.get(first + i)).isEqualTo(expected);
            apply(writes.get(i), expected);
        }
    }

    private void failSome() {
        disk.mode = random.nextBoolean() ? FaultyDisk.Mode.FAILS_AFTER_WRITING : FaultyDisk.Mode.FAILS_BEFORE_WRITING;
        int first = offered + 1;
        for (int i = random.nextInt(1, 10); i > 0; i--) {
            offerFailing();
        }
        awaitTold();
        assertThat(completions.failed()).containsKeys(first, offered);
        disk.mode = FaultyDisk.Mode.WORKING;
        // The next commit repairs; until then only the running spool, not its disk, agrees with the model.
        writeSome(1);
    }

    private void trim() {
        if (entries.isEmpty()) {
            return;
        }
        long to = random.nextLong(entries.firstKey(), last + 1);
        spool().trim(to);
        clock.advance(Duration.ofSeconds(2));
        entries.headMap(to, true).clear();
        await().pollInterval(Duration.ofMillis(5)).until(() -> spool().first() == to + 1);
    }

    private void check(String what) {
        long first = entries.isEmpty() ? last + 1 : entries.firstKey();
        assertThat(spool().first()).as(what).isEqualTo(first);
        assertThat(spool().lastDurable()).as(what).isEqualTo(last);
        long from = random.nextLong(1, last + 2);
        int most = random.nextInt(1, 50);
        List<SpoolEntry> expected = new ArrayList<>();
        entries.tailMap(from, true).forEach((position, message) -> {
            if (expected.size() < most) {
                expected.add(new SpoolEntry(position, message));
            }
        });
        assertThat(spool().read(from, most, Long.MAX_VALUE))
                .as(what)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(expected);
        checkSessions(what);
        checkTotals(what);
    }

    private void checkTotals(String what) {
        List<SpoolTotals.Group> expected = new ArrayList<>();
        groups.forEach(
                (group, count) -> expected.add(new SpoolTotals.Group(group, count, qos0.getOrDefault(group, 0L))));
        assertThat(spool().totals()).as(what).isEqualTo(new SpoolTotals(spool().epoch(), last, expected));
    }

    private void checkSessions(String what) {
        Map<String, String> expected = new TreeMap<>();
        TreeSet<String> clients = new TreeSet<>(states.keySet());
        clients.addAll(packetIds.keySet());
        for (String client : clients) {
            expected.put(
                    client,
                    Arrays.toString(states.getOrDefault(client, new byte[0]))
                            + packetIds.getOrDefault(client, new TreeSet<>()));
        }
        Map<String, String> found = new TreeMap<>();
        spool().sessions(s -> {
            String value = Arrays.toString(s.state()) + Arrays.toString(s.qos2PacketIds());
            assertThat(found.put(s.clientId(), value)).as(what).isNull();
        });
        assertThat(found).as(what).isEqualTo(expected);
    }

    private void apply(SpoolWrite write, long position) {
        SpoolMessage message = write.message();
        if (message != null) {
            long number = groups.merge(message.group(), 1L, Long::sum);
            qos0.merge(message.group(), message.qos() == 0 ? 1L : 0L, Long::sum);
            entries.put(position, numbered(message, number));
        }
        SessionWrite session = write.session();
        if (session instanceof SessionWrite.AddQos2 add) {
            packetIds.computeIfAbsent(add.clientId(), c -> new TreeSet<>()).add(add.packetId());
        } else if (session instanceof SessionWrite.RemoveQos2 remove) {
            packetIds.computeIfPresent(remove.clientId(), (c, ids) -> {
                ids.remove(remove.packetId());
                return ids.isEmpty() ? null : ids;
            });
        } else if (session instanceof SessionWrite.PutSession put) {
            states.put(put.clientId(), put.state());
        } else if (session instanceof SessionWrite.DeleteSession delete) {
            states.remove(delete.clientId());
            packetIds.remove(delete.clientId());
        }
    }

    private SpoolWrite offer() {
        SpoolWrite write = new SpoolWrite(random.nextInt(5) == 0 ? null : message(), session());
        assertThat(spool().offer(write, completions.of(++offered))).isEqualTo(Spool.Offer.ACCEPTED);
        return write;
    }

    /** Adds an identifier nobody else uses, as a gateway does: one it knows it does not offer again. */
    private void offerFailing() {
        int fresh = 60_000 + offered % 5_000;
        SpoolWrite write = new SpoolWrite(message(), new SessionWrite.AddQos2("a", fresh));
        assertThat(spool().offer(write, completions.of(++offered))).isEqualTo(Spool.Offer.ACCEPTED);
    }

    private SpoolMessage message() {
        byte[] payload = new byte[random.nextInt(100)];
        random.nextBytes(payload);
        String group = GROUPS[random.nextInt(GROUPS.length)];
        return new SpoolMessage(
                "d" + random.nextInt(9), "t", random.nextInt(3), offered, "", List.of(), payload, group);
    }

    private static SpoolMessage numbered(SpoolMessage m, long number) {
        return new SpoolMessage(
                m.deviceId(),
                m.topic(),
                m.qos(),
                m.receivedAtMillis(),
                m.contentType(),
                m.properties(),
                m.payload(),
                m.group(),
                number);
    }

    private @Nullable SessionWrite session() {
        String client = CLIENTS[random.nextInt(CLIENTS.length)];
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new SessionWrite.AddQos2(client, random.nextBoolean() ? 65_535 : random.nextInt(1, 6));
            case 3 -> new SessionWrite.RemoveQos2(client, random.nextInt(1, 6));
            case 4 -> new SessionWrite.PutSession(client, new byte[] {(byte) random.nextInt()});
            case 5 -> new SessionWrite.DeleteSession(client);
            default -> null;
        };
    }

    private void awaitTold() {
        await().pollInterval(Duration.ofMillis(2)).until(() -> completions.count() == offered);
    }

    private void open() {
        SpoolConfig config = new SpoolConfig(directory, 1 << 30, 1_000, 7, Duration.ofSeconds(1));
        spool = Spool.open(config, new SimpleMeterRegistry(), clock, disk);
    }

    private void reopen() {
        spool().close();
        open();
    }

    private Spool spool() {
        if (spool == null) {
            throw new IllegalStateException("not open yet");
        }
        return spool;
    }
}
