package io.waymark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Recognizer;
import io.waymark.trace.TraceConfig.ProfileRule;
import io.waymark.trace.TraceConfig.ReadPointRule;
import io.waymark.trace.capture.Provenance;
import io.waymark.trace.capture.ReadPoint;
import io.waymark.trace.event.Action;
import io.waymark.trace.reading.ProfileOptions;
import io.waymark.trace.topology.TraceTopology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRulesTest {
    private static final ProfileOptions UTC = new ProfileOptions(ZoneOffset.UTC, StandardCharsets.UTF_8, false, "");

    private static TraceTopology.Rules rules(List<ReadPointRule> readPoints, List<ProfileRule> profiles) {
        TraceConfig config = new TraceConfig(
                Map.of(),
                "a",
                Path.of("s"),
                TraceConfig.Topics.defaults(),
                readPoints,
                profiles,
                TraceConfig.SMOOTHING_DEFAULT);
        return ConfigRules.of(config, Recognizer::recognize);
    }

    private static ReadPointRule rule(String match, String readPoint, String bizStep) {
        return new ReadPointRule(match, readPoint, "", bizStep, "", "OBSERVE");
    }

    @Test
    void firstMatchingReadPointWins() {
        TraceTopology.Rules rules =
                rules(List.of(rule("a/+", "urn:x:one", "packing"), rule("a/#", "urn:x:two", "shipping")), List.of());

        assertThat(rules.readPoints().of(new Provenance("d", "a/b", "")).id()).isEqualTo("urn:x:one");
        assertThat(rules.readPoints().of(new Provenance("d", "a/b/c", "")).bizStep())
                .isEqualTo("shipping");
    }

    @Test
    void withoutAMatchTheDeviceIsTheReadPointAndNoStepIsClaimed() {
        assertThat(rules(List.of(), List.of()).readPoints().of(new Provenance("gate 7", "x", "")))
                .isEqualTo(new ReadPoint("urn:waymark:device:gate%207", null, null, null, Action.OBSERVE));
    }

    @Test
    void profilesAreChosenByTopic() {
        TraceTopology.Rules rules = rules(List.of(), List.of(new ProfileRule("pos/#", UTC)));

        assertThat(rules.optionsByTopic().apply("pos/7")).isEqualTo(UTC);
        assertThat(rules.optionsByTopic().apply("rfid/7")).isEqualTo(ProfileOptions.defaults());
    }

    @ParameterizedTest
    @CsvSource({
        "a/#/b, urn:x:p, packing, OBSERVE, '#'",
        "a, no uri, packing, OBSERVE, readPoint",
        "a, urn:x:p, roasting, OBSERVE, biz_step",
        "a, urn:x:p, packing, LOOK, action"
    })
    void refusesImpossibleRulesNamingThem(String match, String readPoint, String bizStep, String action, String named) {
        List<ReadPointRule> impossible = List.of(new ReadPointRule(match, readPoint, "", bizStep, "", action));

        assertThatThrownBy(() -> rules(impossible, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("read point rule 1: ")
                .hasMessageContaining(named);
    }

    @Test
    void smoothingHasBounds() {
        assertThatThrownBy(() -> new TraceConfig(
                        Map.of(),
                        "a",
                        Path.of("s"),
                        TraceConfig.Topics.defaults(),
                        List.of(),
                        List.of(),
                        Duration.ofMinutes(61)))
                .hasMessageContaining("PT1H")
                .hasMessageContaining("PT1H1M");
    }

    @Test
    void shortConstructorHasTheDefaults() {
        TraceConfig config = new TraceConfig(Map.of(), "a", Path.of("s"), TraceConfig.Topics.defaults(), List.of());

        assertThat(config.smoothing()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.profiles()).isEmpty();
    }
}
