package io.waymark.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real write errors from the operating system (a file size limit), taken away again while the process lives: it must have
 * acknowledged nothing that is not there, and go on by itself.
 */
@Timeout(180)
class DiskFullTest {
    /** Above the size of RocksDB's native library, which the process unpacks. */
    private static final long LIMIT_KIB = 18_000;

    @TempDir
    Path directory;

    @BeforeEach
    void needsTheToolsOfLinux() {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/prlimit"))).isTrue();
    }

    @Test
    void spoolLosesNothingAcknowledgedAndKeepsNothingFailed() throws Exception {
        List<String> claims = writeThroughAFullDisk(SpoolingProcess.class, "M");
        Map<Integer, Long> acknowledged = new TreeMap<>();
        Set<Integer> failed = new HashSet<>();
        for (String claim : claims) {
            String[] words = claim.split(" ");
            int number = Integer.parseInt(words[1]);
            switch (words[0]) {
                case "M" -> acknowledged.put(number, Long.parseLong(words[2]));
                case "F" -> failed.add(number);
                default -> assertThat(words[0]).isEqualTo("R");
            }
        }
        try (Spool spool = Spool.open(SpoolConfig.defaults(directory), new SimpleMeterRegistry())) {
            Map<Integer, Long> held = readAll(spool);
            acknowledged.forEach((number, position) -> {
                if (position >= spool.first()) {
                    assertThat(held).containsEntry(number, position);
                }
            });
            failed.removeAll(acknowledged.keySet());
            assertThat(held).doesNotContainKeys(failed.toArray(new Integer[0]));
            assertNoIdentifierOf(failed, spool);
        }
    }

    @Test
    void recordStoreLosesNothingAcknowledged() throws Exception {
        List<String> claims = writeThroughAFullDisk(RegisteringProcess.class, "U");
        try (RecordStore store = RecordStore.open(RegisteringProcess.config(directory), new SimpleMeterRegistry())) {
            RegisteringProcess.checkOutbox(store, "after a full disk");
            for (String claim : claims) {
                int number = Integer.parseInt(claim.substring(2));
                if (claim.startsWith("U ")) {
                    assertThat(store.find(RegisteringProcess.left(number))).isPresent();
                    assertThat(store.find(RegisteringProcess.right(number))).isPresent();
                }
            }
        }
    }

    /** Until writes fail; then until they succeed again. */
    private List<String> writeThroughAFullDisk(Class<?> main, String success) throws Exception {
        try (WritingProcess process = WritingProcess.startWithFilesUpTo(LIMIT_KIB, main, directory.toString(), "0")) {
            process.awaitClaims(lines -> lines.stream().anyMatch(line -> line.startsWith("F ")));
            int before = process.claims().size();
            process.liftFileLimit();
            process.awaitClaims(lines -> lines.stream()
                            .skip(before)
                            .filter(line -> line.startsWith(success + " "))
                            .count()
                    > 100);
            return process.kill();
        }
    }

    private static Map<Integer, Long> readAll(Spool spool) {
        Map<Integer, Long> held = new TreeMap<>();
        for (long position = spool.first(); position <= spool.lastDurable(); ) {
            for (SpoolEntry entry : spool.read(position, 1_000, 1 << 20)) {
                assertThat(entry.position()).isEqualTo(position++);
                String payload = new String(entry.message().payload(), StandardCharsets.UTF_8);
                int number = Integer.parseInt(payload.substring(0, payload.indexOf(':')));
                assertThat(held.put(number, entry.position()))
                        .as("number %d", number)
                        .isNull();
            }
        }
        return held;
    }

    private static void assertNoIdentifierOf(Set<Integer> failed, Spool spool) {
        Set<String> stored = new HashSet<>();
        spool.sessions(session -> {
            for (int id : session.qos2PacketIds()) {
                stored.add(session.clientId() + " " + id);
            }
        });
        failed.stream()
                .filter(SpoolingProcess::isQos2)
                .map(number -> SpoolingProcess.client(number) + " " + SpoolingProcess.packetId(number))
                .forEach(identifier -> assertThat(stored).doesNotContain(identifier));
    }
}
