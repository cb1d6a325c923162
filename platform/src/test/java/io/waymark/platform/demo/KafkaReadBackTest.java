package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.platform.demo.KafkaReadBack.Report;
import io.waymark.platform.demo.Ledger.Entry;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class KafkaReadBackTest {
    private static final List<Entry> ACKNOWLEDGED =
            List.of(entry("a", "a1"), entry("b", "b1"), entry("a", "a2"), entry("a", "a3"));

    private static Entry entry(String device, String payload) {
        return new Entry(device, "t", payload, Duration.ZERO);
    }

    private static ConsumerRecord<String, String> record(String device, String payload) {
        return new ConsumerRecord<>("waymark.telemetry", 0, 0, device, payload);
    }

    @Test
    void everyMessageOnceInTheOrderOfItsDeviceIsExact() {
        Report report = KafkaReadBack.compare(
                ACKNOWLEDGED,
                List.of(
                        record("b", "b1"),
                        record("a", "a1"),
                        record("x", "other"),
                        record("a", "a2"),
                        record("a", "a3")));
        assertThat(report).isEqualTo(new Report(0, 0, 0));
        assertThat(report.exact()).isTrue();
    }

    @Test
    void seesWhatIsMissingDoubledOrOutOfOrder() {
        assertThat(KafkaReadBack.compare(ACKNOWLEDGED, List.of(record("a", "a1"), record("a", "a2"))))
                .isEqualTo(new Report(2, 0, 0));
        assertThat(KafkaReadBack.compare(
                        ACKNOWLEDGED,
                        List.of(
                                record("a", "a1"),
                                record("a", "a1"),
                                record("a", "a3"),
                                record("a", "a2"),
                                record("b", "b1"))))
                .isEqualTo(new Report(0, 1, 1));
    }

    @Test
    void seesAMessageUnderAnotherDevicesKey() {
        assertThat(KafkaReadBack.compare(
                        ACKNOWLEDGED,
                        List.of(record("a", "b1"), record("a", "a1"), record("a", "a2"), record("a", "a3"))))
                .isEqualTo(new Report(0, 0, 1));
    }
}
