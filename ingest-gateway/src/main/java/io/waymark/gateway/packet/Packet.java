package io.waymark.gateway.packet;

/** One MQTT control packet. */
public sealed interface Packet
        permits Ack, Auth, ConnAck, Connect, Disconnect, Ping, Publish, Subscribe, SubscribeAck, Unsubscribe {
    /** Its kind, for an exhaustive switch. */
    PacketType type();
}
