package io.waymark.gateway.presence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.forward.DirectRecord;
import io.waymark.gateway.live.Admission;
import io.waymark.gateway.live.Arrival;
import io.waymark.gateway.live.ConnectionWatcher;
import io.waymark.gateway.live.RateBucket;
import io.waymark.gateway.live.Refusal;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * Who comes, goes and is refused, into the spool: behind what a device published before and ahead of what it publishes after.
 * When the spool has no room, an event is given up and counted: devices' messages go first. Refusals are bounded in rate, for
 * anybody can cause them; the next one told says how many were not. Any thread.
 */
public final class PresenceEvents implements ConnectionWatcher {
    /** Most refusals told in a second. */
    public static final long REFUSALS_PER_SECOND = 20;

    /** What they are counted under in the spool's ledger; no device group begins like this. */
    private static final String GROUP = "$waymark";

    private static final String TYPES = "io.waymark.presence.";

    private final BiFunction<SpoolWrite, Spool.Completion, Spool.Offer> spool;
    private final RateBucket refusals = new RateBucket();
    private final AtomicLong untold = new AtomicLong();
    private final Counter told;
    private final Counter full;
    private final Counter failed;
    private final Counter suppressed;

    /**
     * @param spool takes writes
     * @param registry gets {@code waymark.gateway.presence}
     */
    public PresenceEvents(BiFunction<SpoolWrite, Spool.Completion, Spool.Offer> spool, MeterRegistry registry) {
        this.spool = spool;
        this.told = counter(registry, "told");
        this.full = counter(registry, "spool_full");
        this.failed = counter(registry, "write_failed");
        this.suppressed = counter(registry, "rate");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("waymark.gateway.presence")
                .description("events about devices that come, go and are refused")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void connected(Admission who, long nowMillis) {
        offer(who.arrival().deviceId(), "connected", nowMillis, body(who));
    }

    @Override
    public void disconnected(Admission who, boolean last, String reason, long nowMillis) {
        ObjectNode body = body(who)
                .put("reason", reason)
                .put("connectedForMillis", Math.max(0, nowMillis - who.sinceMillis()))
                .put("stillConnected", !last);
        offer(who.arrival().deviceId(), "disconnected", nowMillis, body);
    }

    private static ObjectNode body(Admission who) {
        Arrival arrival = who.arrival();
        return body(arrival.deviceId(), arrival.clientId(), arrival.address(), arrival.protocol())
                .put("group", who.group());
    }

    private static ObjectNode body(String device, String client, String address, String protocol) {
        return EventJson.object()
                .put("device", device)
                .put("clientId", client)
                .put("address", address)
                .put("protocol", protocol);
    }

    @Override
    public void refused(Refusal refusal, long nowMillis) {
        if (refusals.owed(System.nanoTime()) > 0) {
            untold.incrementAndGet();
            suppressed.increment();
            return;
        }
        refusals.take(System.nanoTime(), 1, REFUSALS_PER_SECOND);
        ObjectNode body = body(refusal.deviceId(), refusal.clientId(), refusal.address(), refusal.protocol())
                .put("reason", refusal.reason())
                .put("untoldBefore", untold.getAndSet(0));
        offer(refusal.deviceId(), "refused", nowMillis, body);
    }

    private void offer(String deviceId, String kind, long nowMillis, ObjectNode body) {
        SpoolMessage event = DirectRecord.of(
                DirectRecord.PRESENCE,
                deviceId,
                GROUP,
                nowMillis,
                EventJson.CONTENT_TYPE,
                List.of("ce_type", TYPES + kind, "ce_subject", deviceId),
                EventJson.octets(body));
        SpoolWrite write = new SpoolWrite(event, null);
        Spool.Offer taken = spool.apply(write, new Outcome());
        if (taken != Spool.Offer.ACCEPTED) {
            full.increment();
        }
    }

    private final class Outcome implements Spool.Completion {
        @Override
        public void durable(long position) {
            told.increment();
        }

        @Override
        public void failed(Throwable cause) {
            failed.increment();
        }
    }
}
