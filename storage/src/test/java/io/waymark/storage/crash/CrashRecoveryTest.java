package io.waymark.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process dies by SIGKILL at a random moment, several times on the same directory; what it acknowledged must be there,
 * once, and what belongs together must be there together.
 *
 * <p>This shows that commits are atomic and ordered, and that recovery is right. That an fsync outlives the power is not
 * shown by killing a process: the kernel keeps its pages.
 */
@Timeout(300)
class CrashRecoveryTest {
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** Acknowledged in any round: number → position. */
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    /** Identifiers whose release was acknowledged. */
    private final Set<Integer> released = new HashSet<>();
    /** Every message ever found: number → position. */
    private final Map<Integer, Long> found = new HashMap<>();

    @Test
    void findsEveryAcknowledgedMessageOnceWithItsPacketIdentifier() throws Exception {
        int next = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            note(runAndKill(SpoolingProcess.class, next));
            try (Spool spool = Spool.open(SpoolConfig.defaults(directory), new SimpleMeterRegistry())) {
                String what = "seed " + seed + ", round " + round + ", positions " + spool.first() + ".."
                        + spool.lastDurable();
                SortedMap<Long, Integer> held = readAll(spool, what);
                checkMessages(spool, held, what);
                checkPacketIds(spool, held, what);
                next = 1 + found.keySet().stream().mapToInt(n -> n).max().orElse(-1);
            }
        }
        assertThat(acknowledged)
                .as("seed %d: the test must have something to lose", seed)
                .hasSizeGreaterThan(ROUNDS);
    }

    private List<String> runAndKill(Class<?> main, int next) throws Exception {
        try (WritingProcess process = WritingProcess.start(main, directory.toString(), Integer.toString(next))) {
            return process.killAfter(random.nextInt(600));
        }
    }

    private void note(List<String> claims) {
        for (String claim : claims) {
            String[] words = claim.split(" ");
            int number = Integer.parseInt(words[1]);
            switch (words[0]) {
                case "M" ->
                    assertThat(acknowledged.put(number, Long.parseLong(words[2])))
                            .as("number %d acknowledged twice, seed %d", number, seed)
                            .isNull();
                case "R" -> released.add(number);
                default -> throw new AssertionError("seed " + seed + ": " + claim);
            }
        }
    }

    /** Reads in small pieces, as the forwarder does; checks that positions have no gap and numbers keep their order. */
    private SortedMap<Long, Integer> readAll(Spool spool, String what) {
        TreeMap<Long, Integer> held = new TreeMap<>();
        for (long position = spool.first(); position <= spool.lastDurable(); ) {
            for (SpoolEntry entry : spool.read(position, 777, 1 << 20)) {
                assertThat(entry.position()).as(what).isEqualTo(position++);
                held.put(entry.position(), number(entry));
            }
        }
        assertThat(List.copyOf(held.values())).as(what).isSorted().doesNotHaveDuplicates();
        return held;
    }

    private void checkMessages(Spool spool, SortedMap<Long, Integer> held, String what) {
        held.forEach((position, number) -> {
            Long before = found.put(number, position);
            assertThat(before).as("%s: number %d moved", what, number).isIn(null, position);
        });
        acknowledged.forEach((number, position) -> {
            if (position >= spool.first()) {
                assertThat(held.get(position))
                        .as("%s: acknowledged position %d", what, position)
                        .isEqualTo(number);
            }
        });
    }

    /** A message and its packet identifier are both there or both not, unless the identifier was released since. */
    private void checkPacketIds(Spool spool, SortedMap<Long, Integer> held, String what) {
        Map<String, Set<Integer>> stored = new HashMap<>();
        spool.sessions(session -> {
            Set<Integer> ids = stored.computeIfAbsent(session.clientId(), c -> new HashSet<>());
            for (int id : session.qos2PacketIds()) {
                ids.add(id);
            }
        });
        for (int number : found.keySet()) {
            boolean there = stored.getOrDefault(SpoolingProcess.client(number), Set.of())
                    .contains(SpoolingProcess.packetId(number));
            if (!SpoolingProcess.isQos2(number) || released.contains(number)) {
                assertThat(there).as("%s: identifier of %d", what, number).isFalse();
            } else if (!SpoolingProcess.isReleased(number)) {
                assertThat(there).as("%s: identifier of %d", what, number).isTrue();
            }
        }
        int most = held.values().stream().mapToInt(n -> n).max().orElse(0);
        stored.forEach((client, ids) -> ids.forEach(id -> {
            int number = Integer.parseInt(client.substring("client-".length())) * 1_000 + id - 1;
            assertThat(number).as("%s: an identifier without its message", what).isLessThanOrEqualTo(most);
        }));
    }

    @Test
    void findsEveryAcknowledgedUnitOfRecordsWhole() throws Exception {
        int next = 0;
        Set<Integer> registered = new HashSet<>();
        for (int round = 1; round <= ROUNDS; round++) {
            for (String claim : runAndKill(RegisteringProcess.class, next)) {
                assertThat(claim).as("seed %d", seed).startsWith("U ");
                registered.add(Integer.parseInt(claim.substring(2)));
            }
            try (RecordStore store =
                    RecordStore.open(RegisteringProcess.config(directory), new SimpleMeterRegistry())) {
                next = checkPairs(store, registered, "seed " + seed + ", round " + round);
                RegisteringProcess.checkOutbox(store, "seed " + seed + ", round " + round);
            }
        }
        assertThat(registered)
                .as("seed %d: the test must have something to lose", seed)
                .hasSizeGreaterThan(ROUNDS);
    }

    /** Pairs there are 0 … n-1, whole, and the wandering alias is with the last of them. Returns n. */
    private static int checkPairs(RecordStore store, Set<Integer> registered, String what) {
        int n = 0;
        while (store.find(RegisteringProcess.left(n)).isPresent()) {
            assertThat(store.find(RegisteringProcess.left(n))).as(what).contains(RegisteringProcess.values(n));
            assertThat(store.find(RegisteringProcess.right(n))).as(what).contains(RegisteringProcess.values(n));
            assertThat(store.findByAlias("left:" + n)).as(what).contains(RegisteringProcess.left(n));
            assertThat(store.findByAlias("right:" + n)).as(what).contains(RegisteringProcess.right(n));
            n++;
        }
        int[] records = {0};
        store.list("20.500", "", Integer.MAX_VALUE, (Handle handle) -> records[0]++);
        assertThat(records[0]).as(what).isEqualTo(2 * n);
        assertThat(registered).as(what).allMatch(number -> number < records[0] / 2);
        assertThat(store.findByAlias("last")).as(what).contains(RegisteringProcess.left(n - 1));
        return n;
    }

    private static int number(SpoolEntry entry) {
        String payload = new String(entry.message().payload(), StandardCharsets.UTF_8);
        return Integer.parseInt(payload.substring(0, payload.indexOf(':')));
    }
}
