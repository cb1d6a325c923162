package io.waymark.gateway.access;

/**
 * One line of who may publish or subscribe where. Of the rules for a client's group the first that applies decides; when there
 * are rules for it and none applies, it may not.
 *
 * @param group device group; {@code *} = every group; {@value #ANONYMOUS} = clients that came without credentials
 * @param effect what it does
 * @param scope whom it concerns
 * @param filter topic filter; {@code %c}, {@code %u} and {@code %g} stand for client identifier, device id and group
 */
public record AccessRule(String group, Effect effect, Scope scope, String filter) {
    /** The group of clients that came without credentials. */
    public static final String ANONYMOUS = "anonymous";

    /** Every group. */
    public static final String EVERY_GROUP = "*";

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

    boolean isFor(String clientGroup) {
        return group.equals(EVERY_GROUP) || group.equals(clientGroup);
    }
}
