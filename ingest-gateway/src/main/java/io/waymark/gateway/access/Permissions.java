package io.waymark.gateway.access;

import io.waymark.gateway.access.AccessRule.Effect;
import io.waymark.gateway.access.AccessRule.Scope;
import io.waymark.gateway.packet.Filters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one connection may publish and subscribe to. Remembers what it decided for the topics used last, so that a device that
 * stays with its topics costs a comparison of references. Event loop of the connection only.
 */
public final class Permissions {
    private static final int REMEMBERED_MAX = 32;
    private static final int REMEMBERED_LENGTH_MAX = 1_024;

    /** A rule with its placeholders replaced. */
    record Line(Effect effect, Scope scope, String filter, boolean exactly) {
        /** @param filter the rule's, filled in */
        static Line of(AccessRule rule, String filter) {
            boolean exactly = filter.startsWith(AccessRule.EXACTLY);
            return new Line(rule.effect(), rule.scope(), AccessRule.withoutExactly(filter), exactly);
        }

        boolean concerns(Scope asked) {
            return scope == Scope.ALL || scope == asked;
        }
    }

    private final boolean unlimited;
    private final List<Line> lines;
    private final Map<String, Boolean> decided = new LinkedHashMap<>(4, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };
    private String lastTopic = "";
    private boolean lastAnswer;

    Permissions(boolean unlimited, List<Line> lines) {
        this.unlimited = unlimited;
        this.lines = List.copyOf(lines);
    }

    /** Whether a message may be published to the topic. */
    @SuppressWarnings("ReferenceEquality") // the same text in another object only costs the look-up
    public boolean mayPublish(String topic) {
        if (unlimited) {
            return true;
        }
        if (topic != lastTopic) {
            lastAnswer = topic.length() > REMEMBERED_LENGTH_MAX
                    ? decidePublish(topic)
                    : decided.computeIfAbsent(topic, this::decidePublish);
            lastTopic = topic;
        }
        return lastAnswer;
    }

    private boolean decidePublish(String topic) {
        for (Line line : lines) {
            if (line.concerns(Scope.PUBLISH) && isFor(line, topic)) {
                return line.effect() == Effect.ALLOW;
            }
        }
        return false;
    }

    private static boolean isFor(Line line, String topic) {
        return line.exactly() ? line.filter().equals(topic) : Filters.matches(line.filter(), topic);
    }

    /**
     * Whether the filter may be subscribed to: an allowing rule must cover all of it, a denying one refuses it already when they
     * have one topic in common; a rule for exactly one filter concerns no other.
     */
    public boolean maySubscribe(String filter) {
        if (unlimited) {
            return true;
        }
        for (Line line : lines) {
            if (line.concerns(Scope.SUBSCRIBE) && applies(line, filter)) {
                return line.effect() == Effect.ALLOW;
            }
        }
        return false;
    }

    private static boolean applies(Line line, String filter) {
        if (line.exactly()) {
            return line.filter().equals(filter);
        }
        return switch (line.effect()) {
            case ALLOW -> Filters.covers(line.filter(), filter);
            case DENY -> Filters.overlap(line.filter(), filter);
        };
    }
}
