package io.waymark.gateway.server;

import io.waymark.gateway.live.LiveConnection;
import io.waymark.gateway.packet.ReasonCode;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the registry does to a connection, and how quotas slow it. Event loop only, except where {@link LiveConnection} says so. */
final class LiveLink implements LiveConnection {
    private final MqttHandler handler;
    private @Nullable Future<?> slowed;

    LiveLink(MqttHandler handler) {
        this.handler = handler;
    }

    @Override
    public void dismiss(String why, boolean forgotten) {
        handler.loop().execute(() -> {
            if (forgotten && handler.isConnected()) {
                handler.connecting().session().expirySeconds(0);
            }
            handler.fail(ReasonCode.ADMINISTRATIVE_ACTION, why);
        });
    }

    @Override
    public void refresh() {
        handler.loop().execute(() -> {
            if (handler.isConnected()) {
                handler.subscribing().endForbidden();
                handler.resume(ReadPause.Reason.QUOTA);
                handler.finishBatch();
            }
        });
    }

    /** A message was taken: reads on only when the quotas have earned it. */
    void charge(int octets) {
        long nanos = handler.connecting().admission().charge(handler.readMillis(), octets);
        if (nanos > 0) {
            handler.reading().begin(ReadPause.Reason.QUOTA);
            slowed = handler.loop()
                    .loop()
                    .schedule(() -> handler.resume(ReadPause.Reason.QUOTA), nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** The connection is over: nothing is to hold it in memory any longer. */
    void end() {
        Future<?> waiting = slowed;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
