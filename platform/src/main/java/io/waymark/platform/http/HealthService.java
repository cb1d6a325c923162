package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waymark.platform.http.Health.State;
import java.util.Collection;
import java.util.Map;

/** How the node is, for probes and for Prometheus. */
@Description("How the node is, for probes and for Prometheus.")
final class HealthService {
    private final Health health;
    private final PrometheusMeterRegistry metrics;

    HealthService(Health health, PrometheusMeterRegistry metrics) {
        this.health = health;
        this.metrics = metrics;
    }

    @Get("/health")
    @Description("200 when every service does its work, else 503; with listeners and the state of each service.")
    public HttpResponse health() {
        State overall = overall(health.services().values());
        ObjectNode body = Json.object().put("status", overall.name());
        ObjectNode listeners = body.putObject("listeners");
        health.listeners().forEach(listeners::put);
        ObjectNode services = body.putObject("services");
        health.services().forEach((name, state) -> services.put(name, state.name()));
        health.spoolDisk().ifPresent(room -> body.put("spoolDisk", room.name()));
        Map<String, String> bridges = health.bridges();
        if (!bridges.isEmpty()) {
            ObjectNode said = body.putObject("bridges");
            bridges.forEach(said::put);
        }
        return Json.answer(overall == State.UP ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, body);
    }

    /** Gauges may read stores, so this is not done on an event loop. */
    @Get("/metrics")
    @Blocking
    @Description("Metrics in Prometheus' text format.")
    public HttpResponse metrics() {
        return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, metrics.scrape());
    }

    static State overall(Collection<State> states) {
        if (states.contains(State.DOWN)) {
            return State.DOWN;
        }
        return states.contains(State.STARTING) ? State.STARTING : State.UP;
    }
}
