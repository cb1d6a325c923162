package io.waymark.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.gateway.access.AccessRule.Effect;
import io.waymark.gateway.access.AccessRule.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private static AccessRule rule(String group, Effect effect, Scope scope, String filter) {
        return new AccessRule(group, effect, scope, filter);
    }

    @Test
    void withoutRulesEverybodyMayEverything() {
        Permissions anybody = new AccessRules(List.of()).of("anonymous", "c", "c");
        assertThat(anybody.mayPublish("a/b")).isTrue();
        assertThat(anybody.maySubscribe("#")).isTrue();
    }

    @Test
    void placeholdersStandForTheClient() {
        AccessRules rules = new AccessRules(List.of(rule("*", Effect.ALLOW, Scope.ALL, "%g/%u/%c/#")));
        Permissions oven = rules.of("sensors", "oven-1", "c7");
        assertThat(oven.mayPublish("sensors/oven-1/c7/t")).isTrue();
        assertThat(oven.mayPublish("sensors/oven-2/c7/t")).isFalse();
        assertThat(oven.maySubscribe("sensors/oven-1/c7/+/x")).isTrue();
        assertThat(oven.maySubscribe("sensors/+/c7/#")).isFalse();
    }

    @Test
    void anIdentifierThatWouldChangeTheFilterGetsNothing() {
        AccessRules rules = new AccessRules(List.of(rule("*", Effect.ALLOW, Scope.ALL, "own/%c/#")));
        for (String id : new String[] {"+", "#", "a/b", "%u", "x+", ""}) {
            Permissions clever = rules.of("default", "victim", id);
            assertThat(clever.mayPublish("own/victim/t")).as(id).isFalse();
            assertThat(clever.maySubscribe("own/+/t")).as(id).isFalse();
        }
    }

    @Test
    void theFirstRuleThatAppliesDecides() {
        AccessRules rules = new AccessRules(List.of(
                rule("staff", Effect.ALLOW, Scope.ALL, "#"),
                rule("*", Effect.DENY, Scope.ALL, "secret/#"),
                rule("*", Effect.ALLOW, Scope.PUBLISH, "+/data"),
                rule("*", Effect.ALLOW, Scope.SUBSCRIBE, "#")));
        Permissions staff = rules.of("staff", "d", "c");
        Permissions other = rules.of("default", "d", "c");
        assertThat(staff.mayPublish("secret/data")).isTrue();
        assertThat(other.mayPublish("secret/data")).isFalse();
        assertThat(other.mayPublish("a/data")).isTrue();
        assertThat(other.mayPublish("a/other")).isFalse();
        assertThat(other.maySubscribe("a/#")).isTrue();
        assertThat(other.maySubscribe("#")).as("holds secret/#").isFalse();
        assertThat(other.maySubscribe("+/x")).as("holds secret/x").isFalse();
    }

    @Test
    void aRuleForExactlyOneFilterConcernsNoOther() {
        AccessRules rules = new AccessRules(List.of(
                rule("*", Effect.DENY, Scope.SUBSCRIBE, "eq #"),
                rule("*", Effect.DENY, Scope.ALL, "eq own/%c/x"),
                rule("*", Effect.ALLOW, Scope.ALL, "#")));
        Permissions client = rules.of("default", "d", "c");
        assertThat(client.maySubscribe("#")).isFalse();
        assertThat(client.maySubscribe("own/c/x")).isFalse();
        assertThat(client.maySubscribe("own/#")).isTrue();
        assertThat(client.maySubscribe("own/c/+")).isTrue();
        assertThat(client.mayPublish("own/c/x")).isFalse();
        assertThat(client.mayPublish("own/c/y")).isTrue();
    }

    @Test
    void whatWasDecidedIsRememberedForEachTopic() {
        AccessRules rules = new AccessRules(List.of(rule("*", Effect.ALLOW, Scope.PUBLISH, "a/+")));
        Permissions client = rules.of("default", "d", "c");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.mayPublish("a/" + i)).isTrue();
                assertThat(client.mayPublish("b/" + i)).isFalse();
            }
        }
    }

    @Test
    void aRuleWithoutAFilterIsRefused() {
        for (String filter : new String[] {"", "a/#/b", "$share/g/a", "eq ", "eq a/#/b", "eq $share/g/a"}) {
            assertThatThrownBy(() -> new AccessRules(List.of(rule("*", Effect.ALLOW, Scope.ALL, filter))))
                    .hasMessageContaining("must be a topic filter but was " + filter);
        }
    }
}
