package io.waymark.gateway.server;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Session;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import org.jspecify.annotations.Nullable;

/** A message on its way into the spool; once it is durable, subscribers get it. */
abstract class MessageWrite extends PendingWrite {
    private final LiveRouter router;
    private final LiveMessage message;
    private final @Nullable Session publisher;

    /**
     * @param deviceId whose message it is
     * @param receivedAtMillis when it came
     * @param change of session state in the same commit, or null
     * @param publisher null when no client sent it
     */
    MessageWrite(
            LoopContext loop,
            LiveRouter router,
            LiveMessage message,
            String deviceId,
            long receivedAtMillis,
            SpoolWrite.@Nullable SessionWrite change,
            @Nullable Session publisher) {
        super(loop, new SpoolWrite(spooled(message, deviceId, receivedAtMillis), change));
        this.router = router;
        this.message = message;
        this.publisher = publisher;
    }

    static SpoolMessage spooled(LiveMessage message, String deviceId, long receivedAtMillis) {
        MessageProperties properties = message.properties();
        return new SpoolMessage(
                deviceId,
                message.topic(),
                message.qos(),
                receivedAtMillis,
                properties.contentType(),
                properties.userProperties(),
                message.payload());
    }

    void route() {
        if (message.retain() || router.hasSubscribers()) {
            router.route(message, publisher);
        }
    }
}
