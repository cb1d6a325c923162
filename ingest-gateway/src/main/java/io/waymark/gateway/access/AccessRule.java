package io.waymark.gateway.access;

import io.waymark.gateway.packet.Topics;

/**
 * One line of who may publish or subscribe where. Of the rules for a client's group the first that applies decides; when there
 * are rules for it and none applies, it may not.
 *
 * @param group device group; {@code *} = every group; {@value #ANONYMOUS} = clients that came without credentials
 * @param effect what it does
 * @param scope whom it concerns
 * @param filter topic filter; {@code %c}, {@code %u} and {@code %g} stand for client identifier, device id and group; behind
 *     {@value #EXACTLY} it concerns this text alone, and not what it covers or overlaps
 */
public record AccessRule(String group, Effect effect, Scope scope, String filter) {
    /** The group of clients that came without credentials. */
    public static final String ANONYMOUS = "anonymous";

    /** Every group. */
    public static final String EVERY_GROUP = "*";

    /** In front of a filter: only who asks for exactly this filter is meant. */
    public static final String EXACTLY = "eq ";

    /** What a rule does. */
    public enum Effect {
        /** May. */
        ALLOW,
        /** May not. */
        DENY
    }

    /** What a rule is about. */
    public enum Scope {
        /** PUBLISH and wills. */
        PUBLISH,
        /** SUBSCRIBE. */
        SUBSCRIBE,
        /** Both. */
        ALL
    }

    /** Whether a rule may have this filter. */
    static boolean isFilter(String filter) {
        String plain = withoutExactly(filter);
        return Topics.isFilter(plain) && !Topics.isShared(plain);
    }

    static String withoutExactly(String filter) {
        return filter.startsWith(EXACTLY) ? filter.substring(EXACTLY.length()) : filter;
    }

    boolean isFor(String clientGroup) {
        return group.equals(EVERY_GROUP) || group.equals(clientGroup);
    }
}
