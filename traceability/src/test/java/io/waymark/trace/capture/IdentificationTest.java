package io.waymark.trace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Recognizer;
import io.waymark.trace.reading.Profile;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.Reason;
import io.waymark.trace.reading.SensorValue;
import io.waymark.trace.reading.UndecodableException;
import io.waymark.trace.reading.When;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentificationTest {
    private static final Provenance FROM = new Provenance("d", "t", "m");
    private static final When NOW =
            new When(Instant.parse("2026-11-22T08:00:00Z"), ZoneOffset.ofHours(8), When.Clock.DEVICE);
    private static final Identification IDENTIFICATION = new Identification(Recognizer::recognize);

    private static String key(Profile profile, Reading reading) throws UndecodableException {
        return IDENTIFICATION.identify(profile, reading, FROM).key();
    }

    private static Reading tag(String code) {
        return new Reading.TagRead(code, NOW, null, null, null);
    }

    private static Reading measurement(@Nullable String code, boolean required) {
        return new Reading.Measurement(code, required, NOW, List.of(new SensorValue("Temperature", 1, "CEL")), null);
    }

    /** Zeros look like an SSCC to who does not know that a reader sent them. */
    @ParameterizedTest
    @CsvSource({
        "3066C4409047E14000001A85, https://id.gs1.org/01/09506000134352/21/6789",
        "E2801160600002054A1B2C3D, raw_epc:96.xE2801160600002054A1B2C3D",
        "000000000000000000000001, raw_epc:96.x000000000000000000000001",
        "0000000000000001, raw_epc:64.x0000000000000001",
        "3066, raw_epc:16.x3066"
    })
    void readersTagBitsAreAlwaysSomeIdentity(String hex, String key) throws Exception {
        assertThat(key(Profile.IMPINJ, tag(hex))).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "3066C4409047E14000001A85, https://id.gs1.org/01/09506000134352/21/6789",
        "urn:epc:id:sgtin:95060001343.05.6789, https://id.gs1.org/01/09506000134352/21/6789",
        "88.118.8/x, 88.118.8/X",
        "000000000000000000000001, raw_epc:96.x000000000000000000000001"
    })
    void fieldCalledEpcMayHoldAnySpelling(String code, String key) throws Exception {
        assertThat(key(Profile.GENERIC, tag(code))).isEqualTo(key);
    }

    @Test
    void tagThatIsNeitherBitsNorCodeIsRefused() {
        assertThatThrownBy(() -> key(Profile.GENERIC, tag("12345")))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNRECOGNISED_CODE));
    }

    @Test
    void measurementOfNothingIsKeyedByItsDevice() throws Exception {
        assertThat(key(Profile.GENERIC, measurement(null, false))).isEqualTo("device:d");
        assertThat(key(Profile.GENERIC, measurement("probe-3", false))).isEqualTo("device:d");
        assertThat(key(Profile.GENERIC, measurement("88.118.8/x", false))).isEqualTo("88.118.8/X");
    }

    @Test
    void requiredCodeMustBeOne() {
        assertThatThrownBy(() -> key(Profile.GENERIC, measurement("probe-3", true)))
                .isInstanceOf(UndecodableException.class);
    }

    @Test
    void bizStepMustBeAWordOrAUri() {
        Reading reading = new Reading.TagRead("3066C4409047E14000001A85", NOW, null, null, "roasting");

        assertThatThrownBy(() -> key(Profile.GENERIC, reading))
                .isInstanceOfSatisfying(
                        UndecodableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_BIZ_STEP))
                .hasMessageContaining("roasting");
    }
}
