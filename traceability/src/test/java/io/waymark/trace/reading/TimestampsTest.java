package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
    private static final Instant RECEIVED = Instant.parse("2026-11-22T08:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:59:58Z,               2026-11-22T07:59:58Z,             +00:00",
        "2026-11-22T07:59:58.123456789Z,     2026-11-22T07:59:58.123456789Z,   +00:00",
        "2026-11-22T15:59:58.5+08:00,        2026-11-22T07:59:58.5Z,           +08:00",
        "2026-11-22T07:59:58.651+0000,       2026-11-22T07:59:58.651Z,         +00:00",
        "2026-11-22T02:29:58-0530,           2026-11-22T07:59:58Z,             -05:30",
        "2026-11-22 15:59:58,                2026-11-22T07:59:58Z,             +08:00",
        "2026/11/22 15:59:58,                2026-11-22T07:59:58Z,             +08:00",
        "2026-11-22T15:59,                   2026-11-22T07:59:00Z,             +08:00",
        "20261122155958,                     2026-11-22T07:59:58Z,             +08:00",
        "1795334398,                         2026-11-22T07:59:58Z,             +08:00",
        "1795334398123,                      2026-11-22T07:59:58.123Z,         +08:00",
        "1795334398123456,                   2026-11-22T07:59:58.123456Z,      +08:00",
        "1795334398123456789,                2026-11-22T07:59:58.123456789Z,   +08:00"
    })
    void readsTheTimesDevicesWrite(String written, Instant time, ZoneOffset offset) throws Exception {
        var parsed = Timestamps.parse(written, CHINA);

        assertThat(parsed.toInstant()).isEqualTo(time);
        assertThat(parsed.getOffset()).isEqualTo(offset);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-02-30T00:00:00Z",
                "2026-11-22",
                "99999999999999",
                "99999999999999999999",
                "2026-11-22T25:00:00Z",
                "2026-11-22T07:59:58+99:00",
                "-1",
                "2026-11-22T07:59:58Z+08:00 and then some"
            })
    void refusesTheRest(String written) {
        assertThatThrownBy(() -> Timestamps.parse(written, CHINA))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_TIME));
    }

    @Test
    void jsonNumbersMayHaveAFraction() throws Exception {
        assertThat(Timestamps.when(DoubleNode.valueOf(1795334398.5), ProfileOptions.defaults(), RECEIVED)
                        .time())
                .isEqualTo(Instant.parse("2026-11-22T07:59:58.500Z"));
        assertThat(Timestamps.when(LongNode.valueOf(1795334398500L), ProfileOptions.defaults(), RECEIVED)
                        .time())
                .isEqualTo(Instant.parse("2026-11-22T07:59:58.500Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:07Z", "1999-12-31T23:59:59Z", "2026-11-23T08:00:01Z", "2038-01-19T03:14:07Z"})
    void evidentlyWrongClocksGiveWayToTheTimeOfReceipt(String written) throws Exception {
        When when = Timestamps.when(TextNode.valueOf(written), ProfileOptions.defaults(), RECEIVED);

        assertThat(when.clock()).isEqualTo(When.Clock.CORRECTED);
        assertThat(when.time()).isEqualTo(RECEIVED);
    }

    @Test
    void clockADayAheadIsStillBelieved() throws Exception {
        assertThat(Timestamps.when(TextNode.valueOf("2026-11-23T08:00:00Z"), ProfileOptions.defaults(), RECEIVED)
                        .clock())
                .isEqualTo(When.Clock.DEVICE);
    }

    @Test
    void offsetsEpcisCannotWriteBecomeUtc() {
        assertThat(new When(RECEIVED, ZoneOffset.ofHours(15), When.Clock.DEVICE).offset())
                .isEqualTo(ZoneOffset.UTC);
        assertThat(new When(RECEIVED, ZoneOffset.ofTotalSeconds(29_143), When.Clock.DEVICE).offset())
                .isEqualTo(ZoneOffset.UTC);
    }
}
