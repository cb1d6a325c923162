package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.trace.reading.Reading.Measurement;
import io.waymark.trace.reading.Reading.Scan;
import io.waymark.trace.reading.Reading.TagRead;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenericProfileTest {
    @Test
    void knownNamesAreMeasuredValuesWithTheirUsualUnits() {
        Measurement measured = Decode.one(
                Measurement.class,
                "{\"device\":\"roaster-2\",\"seq\":71,\"temperature\":86.5,\"humidity\":\"40\",\"power\":3.2}");

        assertThat(measured.code()).isNull();
        assertThat(measured.values())
                .containsExactly(
                        new SensorValue("Temperature", 86.5, "CEL"),
                        new SensorValue("RelativeHumidity", 40, "P1"),
                        new SensorValue("Power", 3.2, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"temperature\":187,\"temperatureUnit\":\"°F\"} | FAH",
                "{\"temperature\":187,\"unit\":\"°F\"} | FAH",
                "{\"temperature\":{\"value\":187,\"unit\":\"K\"}} | KEL",
                "{\"温度\":187} | CEL",
                "{\"readings\":[{\"type\":\"Temperature\",\"value\":187,\"uom\":\"FAH\"}]} | FAH",
                "{\"tags\":[{\"name\":\"temperature\",\"value\":187}]} | CEL",
                "{\"node\":\"plc1\",\"group\":\"g\",\"values\":{\"temperature\":187},\"errors\":{},\"metas\":{}} | CEL"
            })
    void unitsAreUnderstoodHoweverTheyAreWritten(String payload, String uom) {
        assertThat(Decode.one(Measurement.class, payload).values())
                .containsExactly(new SensorValue("Temperature", 187, uom));
    }

    @Test
    void namesUnknownToTheStandardBecomeTypesOfOurOwnInAContainer() {
        assertThat(Decode.one(Measurement.class, "{\"values\":{\"drum speed\":32,\"state\":\"on\"}}")
                        .values())
                .containsExactly(new SensorValue("urn:waymark:measurement:drum%20speed", 32, null));
    }

    @Test
    void codeAndValuesAreOneMeasurementOfTheThing() {
        Measurement measured = Decode.one(Measurement.class, """
                {"code":"88.118.8/TEA-7","ts":1795334398000,"bizStep":"inspecting","temp":86.5}""");

        assertThat(measured.code()).isEqualTo("88.118.8/TEA-7");
        assertThat(measured.codeRequired()).isTrue();
        assertThat(measured.bizStep()).isEqualTo("inspecting");
        assertThat(measured.when().time()).isEqualTo(Instant.parse("2026-11-22T07:59:58Z"));
    }

    @Test
    void idMayNameTheSensor() {
        assertThat(Decode.one(Measurement.class, "{\"id\":\"probe-3\",\"temp\":1}")
                        .codeRequired())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"gtin\":\"6901234567892\",\"lot\":\"L1\",\"serial\":\"7\"} | (01)06901234567892(10)L1(21)7",
                "{\"sscc\":\"340123451111111111\"} | (00)340123451111111111",
                "{\"gln\":\"4012345000054\"} | (414)4012345000054",
                "{\"lot\":\"88.118.8/L1\"} | 88.118.8/L1",
                "{\"Code\":\"88.118.8/X\",\"id\":9} | 88.118.8/X"
            })
    void keysArePutTogether(String payload, String code) {
        assertThat(Decode.one(Scan.class, payload).text()).isEqualTo(code);
    }

    @Test
    void epcIsATagRead() {
        TagRead read = Decode.one(
                TagRead.class,
                "{\"epc\":\"3066C4409047E14000001A85\",\"antenna\":2,\"rssi\":-51.5,\"time\":\"2026-11-22T09:59:58+0200\"}");

        assertThat(read.antenna()).isEqualTo(2);
        assertThat(read.rssiDbm()).isEqualTo(-51.5);
        assertThat(read.when())
                .isEqualTo(new When(Instant.parse("2026-11-22T07:59:58Z"), ZoneOffset.ofHours(2), When.Clock.DEVICE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | UNKNOWN_SHAPE",
                "{\"hello\":\"world\",\"n\":5} | UNKNOWN_SHAPE",
                "{\"values\":{}} | UNKNOWN_SHAPE",
                "[1] | UNKNOWN_SHAPE",
                "{\"temp\":{}} | BAD_VALUE",
                "{\"temp\":1e400} | BAD_VALUE",
                "{\"temp\":1,\"tempUnit\":\"furlong\"} | BAD_VALUE",
                "{\"readings\":[{\"value\":1}]} | BAD_VALUE",
                "{\"readings\":[{\"type\":\"Power\",\"value\":\"high\"}]} | BAD_VALUE",
                "{\"temp\":1,\"time\":\"2026-13-45\"} | BAD_TIME",
                "{\"a\": | MALFORMED_JSON",
                "{\"a\":1} x | MALFORMED_JSON"
            })
    void refusesWithTheReason(String payload, Reason reason) {
        assertThat(Decode.problem(payload).reason()).isEqualTo(reason);
    }

    @Test
    void limitsValuesDepthAndElements() {
        String many = "{\"readings\":[" + "{\"type\":\"Power\",\"value\":1},".repeat(256)
                + "{\"type\":\"Power\",\"value\":1}]}";
        assertThat(Decode.problem(many).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(Decode.problem("{\"a\":".repeat(40) + "1" + "}".repeat(40)).reason())
                .isEqualTo(Reason.MALFORMED_JSON);
        assertThat(Decode.problem("[" + "{},".repeat(10_000) + "{}]").reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(Decode.problem("{" + " ".repeat(1 << 20) + "}").reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void badElementsAreCountedOnlySoFar() {
        assertThat(Decode.message("[" + "{},".repeat(99) + "{}]").problems()).hasSize(16);
    }

    @Test
    void octetsThatAreNoUtf8AreNoJson() {
        byte[] payload = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};

        assertThat(Decode.message(payload, ProfileOptions.defaults())
                        .problems()
                        .get(0)
                        .reason())
                .isEqualTo(Reason.MALFORMED_JSON);
    }
}
