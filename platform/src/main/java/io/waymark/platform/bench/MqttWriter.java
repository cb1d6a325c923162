package io.waymark.platform.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT packets a publisher sends, written straight into a buffer.
 *
 * @see "MQTT 3.1.1 and MQTT 5.0, §3.1 CONNECT, §3.3 PUBLISH, §3.6 PUBREL, §3.12 PINGREQ"
 */
final class MqttWriter {
    /** Fixed header, packet identifier, property length: what a PUBLISH needs beside topic and payload. */
    static final int PUBLISH_OVERHEAD = 5 + 2 + 2 + 1;
    /** A PUBREL may wait in the buffer beside every PUBLISH of the window, and a PINGREQ beside each. */
    static final int PUBREL_AND_PINGREQ = 4 + 2;

    private static final int CLEAN_START = 0x02;
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;

    private final int version;

    /** @param version 4 = MQTT 3.1.1, 5 = MQTT 5.0 */
    MqttWriter(int version) {
        this.version = version;
    }

    void connect(
            ByteBuffer out, String clientId, @Nullable String user, @Nullable String password, int keepAliveSeconds) {
        byte[] id = utf8(clientId);
        byte[] name = utf8(user == null ? "" : user);
        byte[] secret = utf8(password == null ? "" : password);
        int flags = CLEAN_START | (user == null ? 0 : USER_NAME) | (password == null ? 0 : PASSWORD);
        int length = 10 + (version >= 5 ? 1 : 0) + 2 + id.length;
        length += user == null ? 0 : 2 + name.length;
        length += password == null ? 0 : 2 + secret.length;
        out.put((byte) 0x10);
        putLength(out, length);
        putText(out, utf8("MQTT"));
        out.put((byte) version).put((byte) flags).putShort((short) keepAliveSeconds);
        if (version >= 5) {
            out.put((byte) 0);
        }
        putText(out, id);
        if (user != null) {
            putText(out, name);
        }
        if (password != null) {
            putText(out, secret);
        }
    }

    /** @param packetId ignored at QoS 0 */
    void publish(ByteBuffer out, byte[] topic, int qos, int packetId, byte[] payload) {
        int length = 2 + topic.length + (qos > 0 ? 2 : 0) + (version >= 5 ? 1 : 0) + payload.length;
        out.put((byte) (0x30 | qos << 1));
        putLength(out, length);
        putText(out, topic);
        if (qos > 0) {
            out.putShort((short) packetId);
        }
        if (version >= 5) {
            out.put((byte) 0);
        }
        out.put(payload);
    }

    void pubrel(ByteBuffer out, int packetId) {
        out.put((byte) 0x62).put((byte) 2).putShort((short) packetId);
    }

    void pingreq(ByteBuffer out) {
        out.put((byte) 0xc0).put((byte) 0);
    }

    void disconnect(ByteBuffer out) {
        out.put((byte) 0xe0).put((byte) 0);
    }

    private static void putText(ByteBuffer out, byte[] utf8) {
        out.putShort((short) utf8.length).put(utf8);
    }

    private static void putLength(ByteBuffer out, int length) {
        int rest = length;
        do {
            int digit = rest & 0x7f;
            rest >>>= 7;
            out.put((byte) (rest > 0 ? digit | 0x80 : digit));
        } while (rest > 0);
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
