package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessCpuTest {
    @Test
    void countsFieldsBehindTheProgramsName() {
        String stat = "4711 (a) b) c) S 1 4711 4711 0 -1 4194304 100 0 0 0 1234 66 0 0 20 0 1 0 100 0 0";

        assertThat(ProcessCpu.parse(stat)).isEqualTo(13.0);
    }

    @Test
    void agreesWithTheVirtualMachinesOwnCount() throws IOException {
        long pid = ProcessHandle.current().pid();
        double own = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                * 1e-9;

        assertThat(ProcessCpu.seconds(List.of(pid))).isCloseTo(own, within(0.5));
    }

    @Test
    void tellsWhichProcessThereIsNot() {
        assertThatIOException()
                .isThrownBy(() -> ProcessCpu.seconds(List.of(999_999_999L)))
                .withMessageContaining("999999999");
    }
}
