package io.waymark.resolver.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteHistoryTest {
    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");

    @TempDir
    Path directory;

    private static SiteInfo site(int port) {
        Server server = Server.at(
                1,
                InetAddress.getLoopbackAddress(),
                new byte[] {1, 2},
                List.of(new Interface(Service.QUERY, Protocol.UDP, port)));
        return new SiteInfo(1, 2, 11, 1, true, false, HashOption.WHOLE_HANDLE, List.of(), List.of(server));
    }

    private static int port(SiteHistory history, Instant at) {
        return history.asOf(at)
                .map(s -> s.servers().get(0).interfaces().get(0).port())
                .orElse(0);
    }

    @Test
    void knowsWhatTheSiteWasAfterARestartToo() {
        SiteHistory history = SiteHistory.open(directory);
        history.note(site(1), START);
        history.note(site(2), START.plusSeconds(100));

        for (SiteHistory some : List.of(history, SiteHistory.open(directory))) {
            assertThat(port(some, START.minusMillis(1))).isZero();
            assertThat(port(some, START)).isEqualTo(1);
            assertThat(port(some, START.plusSeconds(99))).isEqualTo(1);
            assertThat(port(some, START.plusSeconds(1000))).isEqualTo(2);
        }
    }

    @Test
    void startsWithTheSameSiteLeaveNoLine() throws Exception {
        SiteHistory history = SiteHistory.open(directory);
        for (int n = 0; n < 5; n++) {
            history.note(site(1), START.plusSeconds(n));
        }

        assertThat(Files.readAllLines(directory.resolve(SiteHistory.FILE))).hasSize(1);
    }

    @Test
    void passesOverLinesItCannotRead() throws Exception {
        SiteHistory.open(directory).note(site(1), START);
        Files.writeString(
                directory.resolve(SiteHistory.FILE),
                "garbage\n2026-11-22T09:00:00Z\tAAAA\nyesterday\t" + "AAEC\n2026-11-22T0",
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.APPEND);

        assertThat(port(SiteHistory.open(directory), START.plusSeconds(7200))).isEqualTo(1);
    }

    @Test
    void isBounded() throws Exception {
        SiteHistory history = SiteHistory.open(directory);
        for (int n = 0; n < SiteHistory.MAX + 3; n++) {
            history.note(site(1 + n), START.plusSeconds(n));
        }

        assertThat(Files.readAllLines(directory.resolve(SiteHistory.FILE))).hasSize(SiteHistory.MAX);
        assertThat(port(history, START.plusSeconds(2))).isZero();
        assertThat(port(history, START.plusSeconds(3))).isEqualTo(4);
    }
}
