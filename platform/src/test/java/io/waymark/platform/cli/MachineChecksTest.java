package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineChecksTest {
    @Test
    void gradesLimits() {
        assertThat(MachineChecks.openFiles(1024).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(MachineChecks.openFiles(20_000).level()).isEqualTo(Finding.Level.WARN);
        assertThat(MachineChecks.openFiles(1_048_576).level()).isEqualTo(Finding.Level.OK);
        assertThat(MachineChecks.space(1 << 20))
                .isEqualTo(Finding.fail(
                        "disk space",
                        "1 MiB free",
                        "free some space: the node stops accepting before the disk is full"));
        assertThat(MachineChecks.space(2L << 30).level()).isEqualTo(Finding.Level.WARN);
        assertThat(MachineChecks.space(50L << 30).level()).isEqualTo(Finding.Level.OK);
        assertThat(MachineChecks.memory(1 << 30).level()).isEqualTo(Finding.Level.WARN);
    }

    @Test
    void aTokenOthersCanReadIsAFault(@TempDir Path data) throws IOException {
        Path token = Files.writeString(data.resolve("admin.token"), "x");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(MachineChecks.dataFolder(data))
                .anySatisfy(f -> assertThat(f.advice()).isEqualTo("chmod 600 " + token));
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertThat(MachineChecks.dataFolder(data)).noneMatch(f -> f.level() == Finding.Level.FAIL);
    }

    @Test
    void aDataFolderThatIsNotThereYetIsFine(@TempDir Path folder) {
        assertThat(MachineChecks.dataFolder(folder.resolve("a/b")))
                .first()
                .satisfies(f -> assertThat(f.detail()).endsWith("will be made at the first start"));
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void aClockThatIsOffIsTold(@TempDir Path data) {
        assertThat(MachineChecks.clock(Clock.systemUTC(), data).level()).isEqualTo(Finding.Level.OK);
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(5));
        assertThat(MachineChecks.clock(ahead, data).level()).isEqualTo(Finding.Level.WARN);
        Clock reset = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        assertThat(MachineChecks.clock(reset, data).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void aTakenPortIsToldWithTheSettingThatMovesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Finding finding = NodeChecks.freePort("mqtt", taken.getLocalPort());
            assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
            assertThat(finding.advice()).contains("--set gateway.mqtt.port=PORT");
        }
    }

    @Test
    void aKafkaThatDoesNotAnswerIsAFault() throws IOException, InterruptedException {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }
        assertThat(NodeChecks.kafka("127.0.0.1:" + port).level()).isEqualTo(Finding.Level.FAIL);
        assertThat(NodeChecks.kafka("nonsense").level()).isEqualTo(Finding.Level.FAIL);
    }
}
