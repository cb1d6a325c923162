package io.waymark.gateway.server;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Ping;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Unsubscribe;
import io.waymark.gateway.server.MqttHandler.Phase;
import io.waymark.gateway.wire.MalformedPacketException;

/** Which packet goes to which flow, and which must not come now. Event loop only. */
final class PacketDispatch implements PacketInput.Receiver {
    /** Why a connection is over that its client ended. */
    private static final String CLIENT = "client";

    private final MqttHandler handler;

    PacketDispatch(MqttHandler handler) {
        this.handler = handler;
    }

    @Override
    public boolean mayDecode() {
        return !handler.reading().isPaused() && handler.isOpen();
    }

    @Override
    public boolean mayAnswerAhead() {
        return handler.reading().listens() && handler.isConnected();
    }

    @Override
    public void pinged() {
        handler.send(Ping.RESPONSE);
    }

    @Override
    public int packetBytesMax() {
        int max = handler.server().settings().offer().packetBytesMax();
        return handler.isConnected() ? max : Math.min(max, ServerSettings.CONNECT_BYTES_MAX);
    }

    @Override
    public void malformed(MalformedPacketException why) {
        handler.fail(why.reason(), String.valueOf(why.getMessage()));
    }

    @Override
    public void received(Packet packet) {
        if (handler.phase() == Phase.NEW) {
            first(packet);
            return;
        }
        if (handler.phase() == Phase.CONNECTING) {
            beforeConnAck(packet);
            return;
        }
        switch (packet.type()) {
            case PUBLISH -> handler.inbound().publish((Publish) packet);
            case PUBREL -> handler.inbound().release((Ack) packet);
            case PUBACK, PUBREC, PUBCOMP -> handler.outbound().acknowledged((Ack) packet);
            case SUBSCRIBE -> handler.subscribing().subscribe((Subscribe) packet);
            case UNSUBSCRIBE -> handler.subscribing().unsubscribe((Unsubscribe) packet);
            case PINGREQ -> handler.send(Ping.RESPONSE);
            case DISCONNECT -> disconnected((Disconnect) packet);
            case CONNECT -> handler.fail(ReasonCode.PROTOCOL_ERROR, "CONNECT must not be repeated");
            case AUTH -> handler.authenticating().received((Auth) packet, true);
            case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
                handler.fail(ReasonCode.PROTOCOL_ERROR, packet.type() + " must not come from a client");
        }
    }

    private void first(Packet packet) {
        if (packet.type() == PacketType.CONNECT) {
            handler.connecting((Connect) packet);
        } else {
            handler.fail(ReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT but was " + packet.type());
        }
    }

    /** Only an exchange of AUTH lets anything be read here [MQTT-3.1.2-30]. */
    private void beforeConnAck(Packet packet) {
        if (packet.type() == PacketType.AUTH) {
            handler.reading().begin(ReadPause.Reason.CONNECTING);
            handler.authenticating().received((Auth) packet, false);
        } else if (packet.type() == PacketType.DISCONNECT) {
            handler.end(false);
            handler.output().close();
        } else {
            handler.fail(ReasonCode.PROTOCOL_ERROR, packet.type() + " must not come before CONNACK");
        }
    }

    private void disconnected(Disconnect packet) {
        boolean raised =
                packet.sessionExpirySeconds() > 0 && !handler.connecting().mayRaiseExpiry();
        if (raised) {
            handler.fail(
                    ReasonCode.PROTOCOL_ERROR, "session expiry must stay 0 in DISCONNECT when it was 0 in CONNECT");
            return;
        }
        handler.connecting().disconnected(packet);
        handler.live().endsBecause(CLIENT);
        handler.end(packet.reason() != ReasonCode.SUCCESS);
        handler.output().close();
    }
}
