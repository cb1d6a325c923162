package io.waymark.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** PUBLISH packets of MQTT 3.1.1, QoS 1, as they lie in one read from the socket. */
public final class Publishes {
    /** Packets in the read. */
    public static final int PACKETS = 64;
    /** Octets of each payload. */
    public static final int PAYLOAD = 256;

    private static final byte[] TOPIC = "factory/line-1/sensor-7/temperature".getBytes(StandardCharsets.US_ASCII);

    private Publishes() {}

    /** Packet identifiers 1 to 64; the caller owns the buffer. */
    public static ByteBuf read() {
        ByteBuf out = Unpooled.directBuffer();
        int remaining = 2 + TOPIC.length + 2 + PAYLOAD;
        for (int id = 1; id <= PACKETS; id++) {
            out.writeByte(0x32).writeByte((remaining & 0x7f) | 0x80).writeByte(remaining >> 7);
            out.writeShort(TOPIC.length).writeBytes(TOPIC).writeShort(id).writeZero(PAYLOAD);
        }
        return out;
    }
}
