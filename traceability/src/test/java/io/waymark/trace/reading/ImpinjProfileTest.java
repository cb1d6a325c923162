package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.trace.reading.Reading.TagRead;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImpinjProfileTest {
    /** A full event of an R700 with every field of its preset enabled. */
    private static final String FULL = """
            {"timestamp":"2026-11-22T07:59:58.123456789Z","hostname":"impinj-14-46-36","eventType":"tagInventory",
             "tagInventoryEvent":{"epc":"MGbEQJBH4UAAABqF","epcHex":"3066C4409047E14000001A85","tid":"4oARYA",
              "tidHex":"E2801160","xpcHex":"0000","pc":"MAA=","antennaPort":3,"antennaName":"dock door",
              "transmitPowerCdbm":3000,"peakRssiCdbm":-5234,"frequency":920625,
              "lastSeenTime":"2026-11-22T07:59:59.000000001Z","phaseAngle":33.75}}""";

    @Test
    void readsEveryFieldWeKeep() {
        TagRead read = Decode.one(TagRead.class, FULL);

        assertThat(read.code()).isEqualTo("3066C4409047E14000001A85");
        assertThat(read.antenna()).isEqualTo(3);
        assertThat(read.rssiDbm()).isEqualTo(-52.34);
        assertThat(read.when().time()).isEqualTo(Instant.parse("2026-11-22T07:59:59Z"));
        assertThat(read.when().clock()).isEqualTo(When.Clock.DEVICE);
    }

    @ParameterizedTest
    @CsvSource({
        "MGbEQJBH4UAAABqF,3066C4409047E14000001A85",
        "_____-----__,FFFFFFFFEFBEFBEFFF",
        "/////+++++//,FFFFFFFFEFBEFBEFFF"
    })
    void epcMayBeBase64OfEitherAlphabet(String base64, String hex) {
        TagRead read = Decode.one(
                TagRead.class,
                "{\"eventType\":\"tagInventory\",\"tagInventoryEvent\":{\"epc\":\"%s\"}}".formatted(base64));

        assertThat(read.code()).isEqualTo(hex);
    }

    @Test
    void onlyTheEpcMustBeThere() {
        TagRead read = Decode.one(TagRead.class, "{\"tagInventoryEvent\":{\"epcHex\":\"3066c4409047e14000001a85\"}}");

        assertThat(read.code()).isEqualTo("3066C4409047E14000001A85");
        assertThat(read.antenna()).isNull();
        assertThat(read.rssiDbm()).isNull();
        assertThat(read.when())
                .isEqualTo(new When(Decode.RECEIVED, java.time.ZoneOffset.ofHours(8), When.Clock.RECEIPT));
    }

    @Test
    void webhookArrayHoldsManyReads() {
        Decoding decoding = Decode.message("[" + FULL + "," + FULL + "]");

        assertThat(decoding.items()).hasSize(2);
        assertThat(decoding.items().get(1).profile()).isEqualTo(Profile.IMPINJ);
    }

    @Test
    void emptyArrayIsAHeartbeat() {
        assertThat(Decode.message("[]"))
                .isEqualTo(new Decoding(java.util.List.of(), java.util.List.of("heartbeat"), java.util.List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "antennaConnected,antennaConnected",
        "inventoryStatus,inventoryStatus",
        "overflow,overflow",
        "somethingOfNextYear,otherReaderEvent"
    })
    void otherEventsAreCountedByName(String type, String counted) {
        assertThat(Decode.message("{\"eventType\":\"%s\"}".formatted(type)).skipped())
                .containsExactly(counted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | MISSING_CODE",
                "{\"epcHex\":\"306\"} | BAD_ENCODING",
                "{\"epcHex\":\"30ZZ\"} | BAD_ENCODING",
                "{\"epc\":\"*\"} | BAD_ENCODING",
                "{\"epcHex\":\"30\",\"lastSeenTime\":\"yesterday\"} | BAD_TIME"
            })
    void refusesWithTheReason(String event, Reason reason) {
        assertThat(Decode.problem("{\"eventType\":\"tagInventory\",\"tagInventoryEvent\":" + event + "}")
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void refusesAnEpcLongerThanATagCanHold() {
        Decoding.Problem problem = Decode.problem("{\"tagInventoryEvent\":{\"epcHex\":\"" + "30".repeat(63) + "\"}}");

        assertThat(problem.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(problem.detail()).contains("62").contains("63");
    }
}
