package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import io.waymark.gateway.ledger.LedgerJson;

/** What the gateway acknowledged, by device group, and where to look for it. */
@Description("What the gateway acknowledged and spooled, by device group, and how much of it waits for Kafka.")
final class LedgerService {
    private final ApiParts.Ledger ledger;

    LedgerService(ApiParts.Ledger ledger) {
        this.ledger = ledger;
    }

    @Get("/api/v1/gateway/ledger")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("The ledger as of now, by device group, and the Kafka it is to be compared with.")
    public HttpResponse ledger() {
        ObjectNode answer = LedgerJson.of(ledger.now().get());
        answer.putObject("kafka")
                .put("bootstrapServers", ledger.bootstrapServers())
                .put("telemetryTopic", ledger.telemetryTopic())
                .put("rejectedTopic", ledger.rejectedTopic());
        return Json.ok(answer);
    }
}
