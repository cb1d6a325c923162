package io.waymark.gateway.server;

import io.waymark.gateway.live.Admission;
import io.waymark.gateway.live.LiveConnection;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the registry does to a connection, and how quotas slow it. Event loop only, except where {@link LiveConnection} says so. */
final class LiveLink implements LiveConnection {
    private final MqttHandler handler;
    private @Nullable Future<?> slowed;
    private boolean connected;
    private String why = "";

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
    void taken(Publish publish) {
        Admission admission = handler.connecting().admission();
        handler.server()
                .devices()
                .tail()
                .message(
                        admission.arrival().deviceId(),
                        admission.group(),
                        publish.topic(),
                        publish.qos(),
                        publish.retain(),
                        publish.payload(),
                        handler.readMillis());
        long nanos = admission.charge(handler.readMillis(), publish.payload().length);
        if (nanos > 0) {
            handler.reading().begin(ReadPause.Reason.QUOTA);
            slowed = handler.loop()
                    .loop()
                    .schedule(() -> handler.resume(ReadPause.Reason.QUOTA), nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** CONNACK is on its way. */
    void connected() {
        connected = true;
        handler.server().devices().connected(handler.connecting().admission());
    }

    /** Why the connection will be over, if nobody says so earlier. */
    void endsBecause(String reason) {
        if (why.isEmpty()) {
            why = reason;
        }
    }

    /** The client was not let in. */
    void refused(String reason) {
        handler.server().devices().refused(handler.connecting().refusal(reason));
    }

    /** The connection has let go of what it was admitted to. */
    void left(Admission admission) {
        if (connected) {
            handler.server().devices().disconnected(admission, why.isEmpty() ? "connection_lost" : why);
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
