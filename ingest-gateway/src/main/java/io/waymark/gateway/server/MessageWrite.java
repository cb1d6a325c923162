package io.waymark.gateway.server;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message on its way into the spool; once it is durable, subscribers get it. */
abstract class MessageWrite extends PendingWrite {
    private final @Nullable Routing routing;

    /**
     * @param spooled what goes to Kafka, or null when it has gone there before
     * @param change of session state in the same commit, or null
     * @param routing where it goes beside Kafka, or null when nowhere
     */
    MessageWrite(
            LoopContext loop,
            @Nullable SpoolMessage spooled,
            SpoolWrite.@Nullable SessionWrite change,
            @Nullable Routing routing) {
        super(loop, write(spooled, change, routing));
        this.routing = routing;
    }

    static SpoolWrite write(
            @Nullable SpoolMessage spooled, SpoolWrite.@Nullable SessionWrite change, @Nullable Routing routing) {
        return routing == null
                ? new SpoolWrite(spooled, change, List.of(), null)
                : new SpoolWrite(spooled, change, routing.changes(), routing.retained());
    }

    static SpoolMessage spooled(LiveMessage message, Session publisher, long receivedAtMillis) {
        MessageProperties properties = message.properties();
        return new SpoolMessage(
                publisher.key().deviceId(),
                message.topic(),
                message.qos(),
                receivedAtMillis,
                properties.contentType(),
                properties.userProperties(),
                message.payload(),
                publisher.group());
    }

    @Override
    void written(boolean isDurable) {
        if (routing != null) {
            if (isDurable) {
                routing.durable();
            } else {
                routing.failed();
            }
        }
    }

    /** Nobody was to get it when it arrived. */
    boolean isForNobody() {
        return routing == null;
    }

    void route() {
        if (routing != null) {
            routing.deliver();
        }
    }

    @Override
    void abandoned() {
        if (routing != null) {
            routing.failed();
        }
    }
}
