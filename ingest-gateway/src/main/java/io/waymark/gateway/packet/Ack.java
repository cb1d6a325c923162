package io.waymark.gateway.packet;

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP.
 *
 * @param type one of the four
 * @param packetId 1..65535
 * @param reason always {@code SUCCESS} in 3.1.1
 */
public record Ack(PacketType type, int packetId, ReasonCode reason) implements Packet {}
