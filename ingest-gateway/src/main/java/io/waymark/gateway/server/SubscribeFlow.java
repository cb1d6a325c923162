package io.waymark.gateway.server;

import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.SubscribeAck;
import io.waymark.gateway.packet.Unsubscribe;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.Subscriptions;
import java.util.List;

/**
 * SUBSCRIBE and UNSUBSCRIBE: decided, made durable if the session is, answered, and then the retained messages. Event loop only.
 */
final class SubscribeFlow {
    private final MqttHandler handler;
    private final Subscriptions subscriptions;

    SubscribeFlow(MqttHandler handler) {
        this.handler = handler;
        this.subscriptions = handler.server().sessions().subscriptions();
    }

    void subscribe(Subscribe subscribe) {
        Session session = handler.connecting().session();
        Subscriptions.Outcome outcome = subscriptions.subscribe(
                session,
                subscribe,
                handler.server().settings().offer(),
                handler.connecting().permissions()::maySubscribe);
        countRefusals(outcome.reasons());
        store(session, () -> {
            handler.send(new SubscribeAck(PacketType.SUBACK, subscribe.packetId(), told(outcome.reasons())));
            sendRetained(session, outcome);
        });
    }

    private void sendRetained(Session session, Subscriptions.Outcome outcome) {
        for (Routing routing : subscriptions.retained(session, outcome.retained(), System.nanoTime())) {
            if (routing.changes().isEmpty()) {
                routing.deliver();
            } else {
                handler.gate().submit(new RetainedWrite(handler, routing));
            }
        }
    }

    /** Retained messages on their way into the queue of a persistent session. */
    private static final class RetainedWrite extends MessageWrite {
        private final MqttHandler handler;

        RetainedWrite(MqttHandler handler, Routing routing) {
            super(handler.loop(), null, null, routing);
            this.handler = handler;
        }

        @Override
        void settled(boolean durable) {
            if (durable) {
                route();
            } else {
                handler.server().metrics().dropped("retained_not_written");
            }
        }
    }

    void unsubscribe(Unsubscribe unsubscribe) {
        Session session = handler.connecting().session();
        List<ReasonCode> reasons = subscriptions.unsubscribe(session, unsubscribe);
        countRefusals(reasons);
        store(session, () -> handler.send(new SubscribeAck(PacketType.UNSUBACK, unsubscribe.packetId(), reasons)));
    }

    /** Ends the subscriptions that the client may not have any more. */
    void endForbidden() {
        Session session = handler.connecting().session();
        if (handler.connecting().endForbidden(session) > 0) {
            store(session, () -> {});
        }
    }

    private void store(Session session, Runnable then) {
        byte[] record = session.isPersistent() ? session.recordToStore() : null;
        if (record == null) {
            then.run();
        } else {
            handler.gate().submit(new StoreSession(handler, session, record, then));
        }
    }

    private List<ReasonCode> told(List<ReasonCode> reasons) {
        ReasonCode denial = handler.server().settings().denial();
        return reasons.stream()
                .map(reason -> reason == ReasonCode.NOT_AUTHORIZED ? denial : reason)
                .toList();
    }

    private void countRefusals(List<ReasonCode> reasons) {
        for (ReasonCode reason : reasons) {
            if (reason.isError()) {
                handler.server().metrics().refused(reason.label());
            }
        }
    }
}
