package io.waymark.trace;

import io.waymark.trace.TraceConfig.ProfileRule;
import io.waymark.trace.TraceConfig.ReadPointRule;
import io.waymark.trace.capture.ReadPoint;
import io.waymark.trace.capture.ReadPoints;
import io.waymark.trace.capture.Recognise;
import io.waymark.trace.event.Action;
import io.waymark.trace.event.Vocabulary;
import io.waymark.trace.reading.ProfileOptions;
import io.waymark.trace.reading.TopicFilter;
import io.waymark.trace.topology.TopicNames;
import io.waymark.trace.topology.TraceTopology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** From configuration to the rules the streams work by; every word is checked here, before anything starts. */
final class ConfigRules {
    private ConfigRules() {}

    static TraceTopology.Rules of(TraceConfig config, Recognise recognise) {
        return new TraceTopology.Rules(
                topics(config), readPoints(config), profiles(config), config.smoothing(), recognise);
    }

    static TopicNames topics(TraceConfig config) {
        TraceConfig.Topics topics = config.topics();
        return new TopicNames(topics.telemetry(), topics.observations(), topics.events(), topics.rejected());
    }

    private static ReadPoints readPoints(TraceConfig config) {
        List<ReadPoints.Rule> rules = new ArrayList<>();
        for (int i = 0; i < config.readPoints().size(); i++) {
            ReadPointRule rule = config.readPoints().get(i);
            try {
                rules.add(new ReadPoints.Rule(new TopicFilter(rule.match()), readPoint(rule)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("read point rule " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new ReadPoints(rules);
    }

    private static ReadPoint readPoint(ReadPointRule rule) {
        String bizStep = orNull(rule.bizStep());
        String disposition = orNull(rule.disposition());
        return new ReadPoint(
                rule.readPoint(),
                orNull(rule.bizLocation()),
                bizStep == null ? null : Vocabulary.BIZ_STEP.bare(bizStep),
                disposition == null ? null : Vocabulary.DISPOSITION.bare(disposition),
                action(rule.action()));
    }

    private static Action action(String word) {
        return Arrays.stream(Action.values())
                .filter(a -> a.name().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("action must be ADD, OBSERVE or DELETE but was \"" + word + "\""));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Function<String, ProfileOptions> profiles(TraceConfig config) {
        record Rule(TopicFilter filter, ProfileOptions options) {}
        List<Rule> rules = new ArrayList<>();
        for (ProfileRule rule : config.profiles()) {
            rules.add(new Rule(new TopicFilter(rule.match()), rule.options()));
        }
        ProfileOptions otherwise = ProfileOptions.defaults();
        return topic -> rules.stream()
                .filter(r -> r.filter().matches(topic))
                .findFirst()
                .map(Rule::options)
                .orElse(otherwise);
    }
}
