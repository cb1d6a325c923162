package io.waymark.gateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Ledger and report as JSON. */
public final class LedgerJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerJson() {}

    /** The gateway's side. */
    public static ObjectNode of(NodeLedger ledger) {
        ObjectNode json = JSON.createObjectNode()
                .put("gateway", ledger.gatewayId())
                .put("epoch", ledger.epoch())
                .put("first", ledger.first())
                .put("last", ledger.last())
                .put("forwarded", ledger.forwarded());
        ArrayNode groups = json.putArray("groups");
        for (NodeLedger.Group group : ledger.groups()) {
            groups.addObject()
                    .put("group", group.name())
                    .put("spooled", group.spooled())
                    .put("unacknowledged", group.spooledQos0())
                    .put("waiting", group.waiting());
        }
        return json;
    }

    /**
     * Reads what {@link #of(NodeLedger)} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static NodeLedger ledger(JsonNode json) {
        if (!json.path("gateway").isTextual() || !json.path("last").isIntegralNumber()) {
            throw new IllegalArgumentException("a ledger must have gateway and last");
        }
        List<NodeLedger.Group> groups = new ArrayList<>();
        for (JsonNode group : json.path("groups")) {
            groups.add(new NodeLedger.Group(
                    group.path("group").asText(),
                    group.path("spooled").asLong(),
                    group.path("unacknowledged").asLong(),
                    group.path("waiting").asLong()));
        }
        return new NodeLedger(
                json.path("gateway").asText(),
                json.path("epoch").asText(),
                json.path("first").asLong(),
                json.path("last").asLong(),
                json.path("forwarded").asLong(),
                groups);
    }

    /** What came of the comparison. */
    public static ObjectNode of(LedgerReport report) {
        ObjectNode json = JSON.createObjectNode()
                .put("exact", report.isExact())
                .put("from", report.from())
                .put("to", report.to());
        ArrayNode groups = json.putArray("groups");
        for (LedgerReport.Line line : report.groups()) {
            groups.addObject()
                    .put("group", line.group())
                    .put("spooled", line.spooled())
                    .put("unacknowledged", line.unacknowledged())
                    .put("forwarded", line.forwarded())
                    .put("rejected", line.rejected())
                    .put("waiting", line.waiting())
                    .put("expired", line.expired())
                    .put("missing", line.missing());
        }
        LedgerReport.Counts counts = report.counts();
        report.missing().forEach(finding(json, "missing", counts.missing())::add);
        report.doubled().forEach(finding(json, "doubled", counts.doubled())::add);
        report.outOfOrder().forEach(finding(json, "outOfOrder", counts.outOfOrder())::add);
        report.beyond().forEach(finding(json, "beyond", counts.beyond())::add);
        return json;
    }

    private static ArrayNode finding(ObjectNode json, String name, long count) {
        return json.putObject(name).put("count", count).putArray("positions");
    }
}
