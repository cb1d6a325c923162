package io.waymark.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.ledger.LedgerCheck.Found;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nine messages: kiln 1, 3, 5, 7, 9 and tunnel 2, 4, 6, 8; eight are said to be forwarded. */
class LedgerCheckTest {
    private final LedgerCheck check = new LedgerCheck(new NodeLedger(
            "gw",
            "e",
            1,
            9,
            8,
            List.of(new NodeLedger.Group("kiln", 5, 0, 1), new NodeLedger.Group("tunnel", 4, 2, 0))));

    private void forwarded(long... positions) {
        for (long position : positions) {
            told(Found.FORWARDED, position, false);
        }
    }

    private void told(Found where, long position, boolean mayBeGone) {
        String group = position % 2 == 1 ? "kiln" : "tunnel";
        check.record(where, (int) (position % 2), position, group, (position + 1) / 2, mayBeGone);
    }

    @Test
    void isExactWhenEveryPositionIsThereOnce() {
        forwarded(1, 3, 5, 2, 4, 6, 7);
        told(Found.REJECTED, 8, false);
        LedgerReport report = check.report(9);
        assertThat(report.isExact()).isTrue();
        assertThat(report.groups())
                .containsExactly(
                        new LedgerReport.Line("kiln", 5, 0, 4, 0, 1, 0, 0),
                        new LedgerReport.Line("tunnel", 4, 2, 3, 1, 0, 0, 0));
    }

    @Test
    void namesWhatIsMissingAndWhose() {
        forwarded(1, 2, 3, 6, 7, 8);
        LedgerReport report = check.report(9);
        assertThat(report.isExact()).isFalse();
        assertThat(report.missing()).containsExactly("4-5");
        assertThat(report.counts()).isEqualTo(new LedgerReport.Counts(2, 0, 0, 0));
        assertThat(report.groups()).extracting(LedgerReport.Line::missing).containsExactly(1L, 1L);
    }

    @Test
    void namesWhatIsDoubledAlsoWhenOnceRefused() {
        forwarded(1, 2, 3, 4, 5, 6, 7, 8, 3);
        told(Found.REJECTED, 4, false);
        LedgerReport report = check.report(9);
        assertThat(report.isExact()).isFalse();
        assertThat(report.doubled()).containsExactly(3L, 4L);
        assertThat(report.outOfOrder()).isEmpty();
    }

    @Test
    void namesWhatIsOutOfOrder() {
        forwarded(1, 2, 5, 3, 4, 6, 7, 8);
        LedgerReport report = check.report(9);
        assertThat(report.isExact()).isFalse();
        assertThat(report.outOfOrder()).containsExactly(3L);
        assertThat(report.counts().missing()).isZero();
    }

    /** Kafka's retention took kiln 1 and tunnel 2 and 4, and left kiln 3, which is as old as 4. */
    @Test
    void doesNotMissWhatKafkasRetentionMayHaveTaken() {
        told(Found.FORWARDED, 3, true);
        told(Found.FORWARDED, 4, true);
        forwarded(5, 6, 7, 8);
        LedgerReport report = check.report(9);
        assertThat(report.isExact()).isTrue();
        assertThat(report.from()).isEqualTo(5);
        assertThat(report.groups()).extracting(LedgerReport.Line::expired).containsExactly(2L, 2L);
    }

    @Test
    void missesWhatIsYoungerThanKafkasRetention() {
        told(Found.FORWARDED, 2, true);
        forwarded(3, 4, 5, 6, 8);
        LedgerReport report = check.report(9);
        assertThat(report.missing()).containsExactly("7");
        assertThat(report.groups()).extracting(LedgerReport.Line::missing).containsExactly(1L, 0L);
    }

    @Test
    void namesPositionsTheSpoolNeverGave() {
        forwarded(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12);
        assertThat(check.report(10).beyond()).containsExactly(12L);
        assertThat(check.report(10).isExact()).isFalse();
        assertThat(check.report(12).isExact()).isTrue();
    }
}
