package io.waymark.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.ReasonCode;

/**
 * Finds where a packet ends.
 *
 * <pre>
 *  +--------------------+---------------------------+-----------------+
 *  | u1 type and flags  | remaining length, 1..4    | that many       |
 *  |                    | octets of 7 bits          | octets          |
 *  +--------------------+---------------------------+-----------------+
 * </pre>
 *
 * @see "MQTT 5.0 §2.1.1 Fixed Header, §1.5.5 Variable Byte Integer"
 */
public final class FrameCutter {
    /** Not enough octets to know the length yet. */
    public static final int UNKNOWN = -1;

    private static final int DUP = 8;
    // Its decoder looks at its flags: whether they have a rule is known when its version is.
    private static final int CONNECT = 1;

    private FrameCutter() {}

    /**
     * Length in octets of the whole packet that starts at the reader index, which does not move; the packet may not have
     * arrived completely. {@link #UNKNOWN} while its header has not.
     *
     * @throws MalformedPacketException from the header alone: reserved type, wrong flags, length not in its shortest form or
     *     longer than four octets, packet larger than packetBytesMax
     */
    public static int lengthOf(ByteBuf in, int packetBytesMax) throws MalformedPacketException {
        return lengthOf(in, packetBytesMax, ProtocolVersion.MQTT_3_1_1);
    }

    /** The same by the rules of this version: before 3.1.1 not only PUBLISH has DUP set when it is sent again. */
    public static int lengthOf(ByteBuf in, int packetBytesMax, ProtocolVersion version)
            throws MalformedPacketException {
        int readable = in.readableBytes();
        if (readable == 0) {
            return UNKNOWN;
        }
        int at = in.readerIndex();
        requireFlags(in.getByte(at) & 0xFF, version);
        int remaining = 0;
        for (int i = 1; i < readable; i++) {
            int octet = in.getByte(at + i);
            remaining |= (octet & 0x7F) << (7 * (i - 1));
            if (octet >= 0) {
                return total(i, octet, remaining, packetBytesMax);
            }
            if (i == 4) {
                throw MalformedPacketException.malformed("remaining length must have at most 4 octets");
            }
        }
        return UNKNOWN;
    }

    private static int total(int lengthOctets, int lastOctet, int remaining, int packetBytesMax)
            throws MalformedPacketException {
        if (lastOctet == 0 && lengthOctets > 1) {
            throw MalformedPacketException.malformed("remaining length " + remaining
                    + " must be in its shortest form but has " + lengthOctets + " octets");
        }
        int total = 1 + lengthOctets + remaining;
        if (total > packetBytesMax) {
            throw new MalformedPacketException(
                    ReasonCode.PACKET_TOO_LARGE,
                    "packet must have at most " + packetBytesMax + " octets but has " + total);
        }
        return total;
    }

    private static void requireFlags(int first, ProtocolVersion version) throws MalformedPacketException {
        int type = first >> 4;
        int flags = first & 0x0F;
        if (type == 0) {
            throw MalformedPacketException.malformed("packet type 0 is reserved");
        }
        if (type == 3) {
            requirePublishFlags(flags);
        } else if (type == 6 || type == 8 || type == 10) {
            requireAcknowledged(type, version == ProtocolVersion.MQTT_3_1 ? flags & ~DUP : flags);
        } else if (flags != 0 && type != CONNECT) {
            throw wrongFlags(type, flags);
        }
    }

    static MalformedPacketException wrongFlags(int type, int flags) {
        return MalformedPacketException.malformed("flags of packet type " + type + " must not be " + flags);
    }

    private static void requireAcknowledged(int type, int flags) throws MalformedPacketException {
        if (flags != 2) {
            throw MalformedPacketException.malformed("flags of packet type " + type + " must be 2 but were " + flags);
        }
    }

    private static void requirePublishFlags(int flags) throws MalformedPacketException {
        int qos = (flags >> 1) & 3;
        if (qos == 3) {
            throw MalformedPacketException.malformed("QoS must be in 0..2 but was 3");
        }
        if (qos == 0 && (flags & DUP) != 0) {
            throw MalformedPacketException.malformed("DUP must be 0 with QoS 0");
        }
    }
}
