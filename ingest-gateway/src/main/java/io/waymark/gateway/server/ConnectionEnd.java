package io.waymark.gateway.server;

import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.ReasonCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the server ends a connection: for a fault of the client's, because it is silent, or because the server stops. Event loop only. */
final class ConnectionEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionEnd.class);

    private final MqttHandler handler;
    private final ServerContext server;
    private boolean stopping;
    private boolean failing;

    ConnectionEnd(MqttHandler handler) {
        this.handler = handler;
        this.server = handler.server();
    }

    /** Ends the connection for this reason, which the client is told in whatever way its protocol version has. */
    void fail(ReasonCode reason, String message) {
        if (!handler.isOpen() || failing) {
            return;
        }
        failing = true;
        server.metrics().refused(reason.label());
        LOG.debug("{}: closed: {}: {}", handler.peer(), reason.label(), message);
        if (!handler.isConnected()) {
            refuseConnect(reason, message);
        } else {
            handler.inbound().sendSettled();
            if (handler.version().hasProperties()) {
                handler.send(new Disconnect(reason, -1, words(message)));
            }
        }
        handler.live().endsBecause(reason.label());
        handler.end(true);
        handler.deadlines().ending();
        handler.output().end();
    }

    /** The client takes no packet of this size. What ends the connection is not said then; without anything else it cannot go on. */
    void tooLarge(Packet packet) {
        fail(ReasonCode.PACKET_TOO_LARGE, packet.type() + " is larger than the client takes");
    }

    private void refuseConnect(ReasonCode reason, String message) {
        ReasonCode said = reason.inConnAck();
        server.metrics().connect(reason);
        handler.live().refused(reason.label());
        if (handler.version().hasProperties() || said.connectReturnCode() > 0) {
            handler.send(new ConnAck(false, said, null, words(message)));
        }
    }

    private String words(String message) {
        return handler.connecting().hasRoomForWords() ? message : "";
    }

    // ---- silence

    void timedOut() {
        switch (handler.phase()) {
            case NEW -> failConnect("no CONNECT within " + connectMillis() + " ms");
            case CONNECTING -> fail(ReasonCode.SERVER_BUSY, "CONNECT not answered within " + connectMillis() + " ms");
            case CONNECTED -> checkKeepAlive();
            case CLOSED -> handler.channel().close();
        }
    }

    private long connectMillis() {
        return server.settings().connections().connectTimeout().toMillis();
    }

    private void failConnect(String message) {
        server.metrics().refused("connect_timeout");
        LOG.debug("{}: closed: {}", handler.peer(), message);
        handler.end(false);
        handler.channel().close();
    }

    private void checkKeepAlive() {
        // A client that we do not read for a reason of ours is not to blame for silence.
        if (handler.deadlines().isSilent(handler.reading().isOurs())) {
            fail(
                    ReasonCode.KEEP_ALIVE_TIMEOUT,
                    "nothing received for " + handler.deadlines().keepAliveMillis() + " ms");
        }
    }

    // ---- the server stops

    boolean isStopping() {
        return stopping;
    }

    /** No more is read, what is owed is sent, then the client is told. */
    void stop() {
        stopping = true;
        handler.reading().begin(ReadPause.Reason.STOPPING);
        switch (handler.phase()) {
            case NEW -> {
                handler.end(false);
                handler.channel().close();
            }
            case CONNECTING -> stopNow();
            case CONNECTED -> handler.finishBatch();
            case CLOSED -> {}
        }
    }

    /** Nothing is owed any more. */
    void stopNow() {
        fail(ReasonCode.SERVER_SHUTTING_DOWN, "the server is shutting down");
    }
}
