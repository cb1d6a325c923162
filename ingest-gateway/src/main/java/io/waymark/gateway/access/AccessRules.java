package io.waymark.gateway.access;

import io.waymark.gateway.packet.Topics;
import io.waymark.storage.device.DeviceGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All rules, in order. Without any, everybody may do everything. Immutable. */
public final class AccessRules {
    private final List<AccessRule> rules;

    /** @throws IllegalArgumentException naming the rule whose filter is none */
    public AccessRules(List<AccessRule> rules) {
        this.rules = List.copyOf(rules);
        for (AccessRule rule : this.rules) {
            if (!AccessRule.isFilter(rule.filter())) {
                throw new IllegalArgumentException(
                        "access rule filter must be a topic filter but was " + rule.filter());
            }
        }
    }

    /**
     * What one client may do.
     *
     * @param group its device group, or {@link AccessRule#ANONYMOUS}
     * @param deviceId user name, or the client identifier of an anonymous client
     */
    public Permissions of(String group, String deviceId, String clientId) {
        return of(rules, rules.isEmpty(), group, deviceId, clientId);
    }

    /** The same, but by the rules of a registered group if it has some of its own. */
    public Permissions of(@Nullable DeviceGroup registered, String group, String deviceId, String clientId) {
        Optional<List<DeviceGroup.Rule>> own = registered == null ? Optional.empty() : registered.rules();
        return own.map(list ->
                        of(list.stream().map(rule -> rule(group, rule)).toList(), false, group, deviceId, clientId))
                .orElseGet(() -> of(group, deviceId, clientId));
    }

    private static AccessRule rule(String group, DeviceGroup.Rule rule) {
        AccessRule.Scope scope = rule.publish() && rule.subscribe()
                ? AccessRule.Scope.ALL
                : rule.publish() ? AccessRule.Scope.PUBLISH : AccessRule.Scope.SUBSCRIBE;
        AccessRule.Effect effect = rule.allows() ? AccessRule.Effect.ALLOW : AccessRule.Effect.DENY;
        return new AccessRule(group, effect, scope, rule.filter());
    }

    private static Permissions of(
            List<AccessRule> rules, boolean unlimited, String group, String deviceId, String clientId) {
        List<Permissions.Line> lines = new ArrayList<>(rules.size());
        for (AccessRule rule : rules) {
            String filter = rule.isFor(group) ? filled(rule.filter(), group, deviceId, clientId) : null;
            if (filter != null) {
                lines.add(Permissions.Line.of(rule, filter));
            }
        }
        return new Permissions(unlimited, lines);
    }

    /** The filter with its placeholders replaced, or null when a value would change what the filter means. */
    private static @Nullable String filled(String template, String group, String deviceId, String clientId) {
        boolean usable = isUsable(template, "%c", clientId)
                && isUsable(template, "%u", deviceId)
                && isUsable(template, "%g", group);
        return usable ? template.replace("%g", group).replace("%u", deviceId).replace("%c", clientId) : null;
    }

    private static boolean isUsable(String template, String placeholder, String value) {
        return !template.contains(placeholder)
                || (!value.isEmpty() && !Topics.hasWildcard(value) && value.indexOf('/') < 0 && value.indexOf('%') < 0);
    }
}
