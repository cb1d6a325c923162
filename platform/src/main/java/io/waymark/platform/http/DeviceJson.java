package io.waymark.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.gateway.live.Admission;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import io.waymark.storage.device.LastSeen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Devices and groups as JSON, without secrets; refusals are {@link ApiException}s. */
final class DeviceJson {
    private static final Set<String> RULE_FIELDS = Set.of("effect", "scope", "filter");
    private static final Set<String> QUOTA_FIELDS = Set.of(
            "connections",
            "deviceConnections",
            "messagesPerSecond",
            "bytesPerSecond",
            "deviceMessagesPerSecond",
            "deviceBytesPerSecond");

    private DeviceJson() {}

    /** What is registered of a device. */
    static ObjectNode of(Device device) {
        ObjectNode json = Json.object()
                .put("id", device.id())
                .put("group", device.group())
                .put("enabled", device.enabled())
                .put("createdAt", time(device.createdAtMillis()))
                .put("hasPassword", !device.passwordHash().isEmpty());
        ArrayNode certificates = json.putArray("certificates");
        device.certificates().forEach(certificates::add);
        return json;
    }

    /** Adds when and how it was last there. */
    static ObjectNode withSight(ObjectNode json, Optional<LastSeen> seen) {
        ObjectNode state = json.putObject("state").put("connected", false);
        seen.ifPresent(last -> {
            state.put("connected", last.connected())
                    .put("since", time(last.sinceMillis()))
                    .put("address", last.address())
                    .put("protocol", last.protocol())
                    .put("clientId", last.clientId());
            if (last.lastMessageMillis() > 0) {
                state.put("lastMessageAt", time(last.lastMessageMillis()));
            }
        });
        return json;
    }

    /** Adds every connection it has now. */
    static ObjectNode withConnections(ObjectNode json, List<Admission> admissions) {
        ArrayNode connections = json.putArray("connections");
        for (Admission admission : admissions) {
            ObjectNode one = connections
                    .addObject()
                    .put("clientId", admission.arrival().clientId())
                    .put("address", admission.arrival().address())
                    .put("protocol", admission.arrival().protocol())
                    .put("since", time(admission.sinceMillis()));
            if (admission.lastMessageMillis() > 0) {
                one.put("lastMessageAt", time(admission.lastMessageMillis()));
            }
        }
        return json;
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    // ---- groups

    static ObjectNode of(DeviceGroup group) {
        ObjectNode json = Json.object().put("name", group.name()).put("createdAt", time(group.createdAtMillis()));
        group.rules().ifPresent(rules -> {
            ArrayNode list = json.putArray("rules");
            rules.forEach(rule -> list.addObject()
                    .put("effect", rule.allows() ? "allow" : "deny")
                    .put("scope", rule.publish() && rule.subscribe() ? "all" : rule.publish() ? "publish" : "subscribe")
                    .put("filter", rule.filter()));
        });
        Quota quota = group.quota();
        json.putObject("quota")
                .put("connections", quota.connections())
                .put("deviceConnections", quota.deviceConnections())
                .put("messagesPerSecond", quota.messages())
                .put("bytesPerSecond", quota.bytes())
                .put("deviceMessagesPerSecond", quota.deviceMessages())
                .put("deviceBytesPerSecond", quota.deviceBytes());
        return json;
    }

    /** Absent or null = the rules of the settings. */
    static Optional<List<Rule>> rules(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isArray()) {
            throw ApiException.badRequest("bad_field", "\"rules\" must be a list or null");
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            rules.add(rule("rules[" + i + "]", node.get(i)));
        }
        return Optional.of(rules);
    }

    private static Rule rule(String place, JsonNode node) {
        requireKnown(place, node, RULE_FIELDS);
        String effect = word(place + ".effect", node.path("effect"), "allow", Set.of("allow", "deny"));
        String scope = word(place + ".scope", node.path("scope"), "all", Set.of("publish", "subscribe", "all"));
        if (!node.path("filter").isTextual()) {
            throw ApiException.badRequest("bad_field", "\"" + place + ".filter\" must be a topic filter");
        }
        return new Rule(
                effect.equals("allow"),
                !scope.equals("subscribe"),
                !scope.equals("publish"),
                node.path("filter").textValue());
    }

    private static String word(String place, JsonNode node, String absent, Set<String> known) {
        String word = node.isMissingNode() ? absent : node.asText();
        if (!known.contains(word)) {
            throw ApiException.badRequest(
                    "bad_field",
                    "\"" + place + "\" must be one of " + String.join(", ", new TreeSet<>(known)) + " but was \"" + word
                            + "\"");
        }
        return word;
    }

    /** Absent = the quota there was; a bound that is absent in it is none. */
    static Quota quota(JsonNode node, Quota before) {
        if (node.isMissingNode()) {
            return before;
        }
        requireKnown("quota", node, QUOTA_FIELDS);
        return new Quota(
                Math.toIntExact(bound(node, "connections", Integer.MAX_VALUE)),
                Math.toIntExact(bound(node, "deviceConnections", Integer.MAX_VALUE)),
                bound(node, "messagesPerSecond", Long.MAX_VALUE),
                bound(node, "bytesPerSecond", Long.MAX_VALUE),
                bound(node, "deviceMessagesPerSecond", Long.MAX_VALUE),
                bound(node, "deviceBytesPerSecond", Long.MAX_VALUE));
    }

    private static long bound(JsonNode quota, String field, long max) {
        JsonNode node = quota.path(field);
        if (node.isMissingNode()) {
            return 0;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0 || node.longValue() > max) {
            throw ApiException.badRequest(
                    "bad_field", "\"quota." + field + "\" must be a whole number, 0 for no bound, but was " + node);
        }
        return node.longValue();
    }

    private static void requireKnown(String place, JsonNode node, Set<String> fields) {
        if (!node.isObject()) {
            throw ApiException.badRequest("bad_field", "\"" + place + "\" must be an object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw ApiException.badRequest(
                        "unknown_field",
                        "unknown field \"" + place + "." + name + "\"; known: "
                                + String.join(", ", new TreeSet<>(fields)));
            }
        });
    }

    /** A field that must be a list of texts; empty when absent. */
    static Optional<List<String>> texts(ObjectNode body, String field) {
        JsonNode node = body.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode each : node) {
            if (!each.isTextual()) {
                throw ApiException.badRequest("bad_field", "\"" + field + "\" must be a list of texts");
            }
            texts.add(each.textValue());
        }
        if (!node.isArray()) {
            throw ApiException.badRequest("bad_field", "\"" + field + "\" must be a list of texts");
        }
        return Optional.of(texts);
    }

    /** A field that must be true or false; empty when absent. */
    static Optional<Boolean> flag(ObjectNode body, String field) {
        JsonNode node = body.path(field);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (!node.isBoolean()) {
            throw ApiException.badRequest("bad_field", "\"" + field + "\" must be true or false");
        }
        return Optional.of(node.booleanValue());
    }
}
