package io.waymark.trace.capture;

import io.waymark.trace.event.Action;
import io.waymark.trace.event.UriText;
import io.waymark.trace.reading.TopicFilter;
import java.util.List;

/** Which read point a message came from: the first rule whose filter matches its topic, else the device itself. */
public final class ReadPoints {
    private final List<Rule> rules;

    /**
     * One rule.
     *
     * @param filter topics it is for
     * @param readPoint what a read there means
     */
    public record Rule(TopicFilter filter, ReadPoint readPoint) {}

    /** Rules in order of precedence. */
    public ReadPoints(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * The read point of a message. When no rule matches it is the device: things are observed there, and no business step is
     * claimed.
     */
    public ReadPoint of(Provenance from) {
        for (Rule rule : rules) {
            if (rule.filter().matches(from.topic())) {
                return rule.readPoint();
            }
        }
        return new ReadPoint(deviceUri(from.device()), null, null, null, Action.OBSERVE);
    }

    /** The URI of a device. */
    public static String deviceUri(String device) {
        return "urn:waymark:device:" + UriText.encode(device, "");
    }
}
