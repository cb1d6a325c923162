package io.waymark.gateway;

import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.ack.Acknowledged;
import io.waymark.gateway.ack.KafkaReach;
import io.waymark.gateway.bridge.Door;
import io.waymark.gateway.live.LiveTail;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.reject.RefusedMessage;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Routing;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where bridges bring what they receive: the spool, the subscribers, and what topics hold, in one commit as for a client's message.
 *
 * @param offer what the gateway takes of anybody
 * @param delivery carries a routing out once it is durable; called on the spool's writer thread
 * @param rejections takes what is refused
 * @param kafka for what is acknowledged only when Kafka has it
 */
record BridgeDoor(
        Spool spool,
        LiveRouter router,
        Offer offer,
        Consumer<Routing> delivery,
        Rejections rejections,
        KafkaReach kafka,
        Acknowledged acknowledged,
        LiveTail tail,
        Clock clock)
        implements Door {
    @Override
    public Spool.Offer offer(Message message, @Nullable SessionWrite change, Spool.Completion completion) {
        MessageProperties properties = message.properties();
        LiveMessage live = new LiveMessage(
                message.topic(),
                message.qos(),
                message.retain() && offer.features().retain(),
                properties,
                LiveMessage.expiry(properties, System.nanoTime()),
                message.payload());
        SpoolMessage spooled = new SpoolMessage(
                message.deviceId(),
                message.topic(),
                message.qos(),
                clock.millis(),
                properties.contentType(),
                properties.userProperties(),
                message.payload(),
                message.group());
        Routing routing = router.decide(live, null);
        SpoolWrite write = routing == null
                ? new SpoolWrite(spooled, change)
                : new SpoolWrite(spooled, change, routing.changes(), routing.retained());
        Spool.Offer taken = spool.offer(write, new Routed(routing, acknowledging(message, completion), delivery));
        if (taken == Spool.Offer.ACCEPTED) {
            tail.message(
                    message.deviceId(),
                    message.group(),
                    message.topic(),
                    message.qos(),
                    message.retain(),
                    message.payload(),
                    clock.millis());
        } else if (routing != null) {
            routing.failed();
        }
        return taken;
    }

    /** At the level of its topic; nothing is acknowledged before it is on disk. */
    private Spool.Completion acknowledging(Message message, Spool.Completion completion) {
        if (message.qos() == 0) {
            return completion;
        }
        AckLevel level = offer.acks().of(message.topic(), AckLevel.SPOOL);
        return level == AckLevel.KAFKA
                ? new OnceCommitted(kafka, acknowledged, completion)
                : new OnceDurable(acknowledged, completion);
    }

    private record OnceDurable(Acknowledged acknowledged, Spool.Completion then) implements Spool.Completion {
        @Override
        public void durable(long position) {
            acknowledged.count(AckLevel.SPOOL, 1);
            then.durable(position);
        }

        @Override
        public void failed(Throwable cause) {
            then.failed(cause);
        }

        @Override
        public boolean isPatient() {
            return then.isPatient();
        }
    }

    private record OnceCommitted(KafkaReach kafka, Acknowledged acknowledged, Spool.Completion then)
            implements Spool.Completion {
        @Override
        public void durable(long position) {
            var unused = kafka.at(position).thenRun(() -> {
                acknowledged.count(AckLevel.KAFKA, 1);
                then.durable(position);
            });
        }

        @Override
        public void failed(Throwable cause) {
            then.failed(cause);
        }

        @Override
        public boolean isPatient() {
            return then.isPatient();
        }
    }

    @Override
    public Spool.Offer remember(SessionWrite change, Spool.Completion completion) {
        return spool.offer(new SpoolWrite(null, change), completion);
    }

    @Override
    public @Nullable String refusal(Message message) {
        if (message.payload().length > offer.packetBytesMax()) {
            return "too_large";
        }
        if (!Topics.isName(message.topic()) || message.topic().startsWith("$")) {
            return "topic";
        }
        String device = message.deviceId();
        return device.length() > DeviceRegistry.ID_MAX || Topics.hasControl(device) ? "device" : null;
    }

    @Override
    public boolean reject(Message message, String refusal, Spool.Completion completion) {
        MessageProperties properties = message.properties();
        RefusedMessage refused = new RefusedMessage(
                refusal,
                "topic, device id or size are not what the gateway takes",
                message.deviceId(),
                message.group(),
                true,
                message.topic(),
                message.qos(),
                clock.millis(),
                properties.contentType(),
                properties.userProperties(),
                message.payload());
        return rejections.keep(refused, completion);
    }

    private record Routed(@Nullable Routing routing, Spool.Completion then, Consumer<Routing> delivery)
            implements Spool.Completion {
        @Override
        public void durable(long position) {
            if (routing != null) {
                routing.durable();
                delivery.accept(routing);
            }
            then.durable(position);
        }

        @Override
        public void failed(Throwable cause) {
            if (routing != null) {
                routing.failed();
            }
            then.failed(cause);
        }

        @Override
        public boolean isPatient() {
            return then.isPatient();
        }
    }
}
