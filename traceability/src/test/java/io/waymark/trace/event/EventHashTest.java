package io.waymark.trace.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventHashTest {
    private static ObjectEvent event(List<String> epcs, List<QuantityElement> quantities) {
        return new ObjectEvent(
                Instant.parse("2026-11-22T08:00:00Z"),
                ZoneOffset.ofHours(8),
                epcs,
                quantities,
                Action.OBSERVE,
                "packing",
                "urn:example:disp:half_done",
                "urn:waymark:device:r1",
                null,
                List.of(),
                List.of());
    }

    @Test
    void writesFieldsInTheReferenceOrder() {
        assertThat(EventHash.preHash(
                        event(List.of("urn:b", "urn:a"), List.of(new QuantityElement("urn:c", 0.50, "KGM")))))
                .isEqualTo("eventType=ObjectEvent"
                        + "eventTime=2026-11-22T08:00:00.000Z"
                        + "eventTimeZoneOffset=+08:00"
                        + "epcListepc=urn:aepc=urn:b"
                        + "quantityListquantityElementepcClass=urn:cquantity=0.5uom=KGM"
                        + "action=OBSERVE"
                        + "bizStep=https://ref.gs1.org/cbv/BizStep-packing"
                        + "disposition=urn:example:disp:half_done"
                        + "readPointid=urn:waymark:device:r1");
    }

    @Test
    void orderOfThingsDoesNotMatter() {
        assertThat(event(List.of("urn:a", "urn:b"), List.of()).eventId())
                .isEqualTo(event(List.of("urn:b", "urn:a"), List.of()).eventId());
    }

    @Test
    void utcIsWrittenAsAnOffset() {
        assertThat(EventHash.offset(ZoneOffset.UTC)).isEqualTo("+00:00");
        assertThat(EventHash.offset(ZoneOffset.ofHours(-6))).isEqualTo("-06:00");
    }

    @ParameterizedTest
    @CsvSource({"26.0,26", "0.50,0.5", "1e3,1000", "-0.0,0", "12.1,12.1", "1e-7,0.0000001"})
    void numbersHaveOneSpelling(double value, String spelling) {
        assertThat(EventHash.number(value)).isEqualTo(spelling);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T08:00:00.1234Z,2026-11-22T08:00:00.123Z",
        "2026-11-22T08:00:00.1235Z,2026-11-22T08:00:00.124Z",
        "2026-11-22T08:00:00Z,2026-11-22T08:00:00.000Z"
    })
    void timesAreRoundedHalfUp(Instant time, String written) {
        assertThat(EventHash.time(time)).isEqualTo(written);
    }
}
