package io.waymark.platform.bench;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What the server says to CONNECT.
 *
 * @param receiveMaximum unacknowledged PUBLISH packets it takes
 * @param qosMaximum highest QoS it takes
 * @see "MQTT 5.0 §3.2 CONNACK"
 */
record MqttConnack(int receiveMaximum, int qosMaximum) {
    private static final int CONNACK = 0x20;
    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int MAXIMUM_QOS = 0x24;

    /**
     * Reads a whole CONNACK.
     *
     * @param version 4 or 5
     * @throws IOException if the connection was refused or this is no CONNACK
     */
    static MqttConnack read(ByteBuffer in, int version) throws IOException {
        try {
            if ((in.get() & 0xff) != CONNACK) {
                throw new IOException("the server did not answer CONNECT with CONNACK");
            }
            length(in);
            in.get();
            int reason = in.get() & 0xff;
            if (reason != 0) {
                throw new IOException("the server refused CONNECT with " + describe(reason, version));
            }
            return version < 5 ? new MqttConnack(0xffff, 2) : properties(in);
        } catch (BufferUnderflowException e) {
            throw new IOException("the server's CONNACK is cut short", e);
        }
    }

    private static String describe(int reason, int version) {
        String meaning = switch (reason) {
            case 4, 0x86 -> " (bad user name or password)";
            case 5, 0x87 -> " (not authorized)";
            case 2, 0x85 -> " (client identifier refused)";
            case 3, 0x88 -> " (server unavailable)";
            default -> "";
        };
        return (version < 5 ? "return code " : "reason code 0x") + Integer.toHexString(reason) + meaning;
    }

    private static MqttConnack properties(ByteBuffer in) throws IOException {
        int end = length(in);
        end += in.position();
        int receiveMaximum = 0xffff;
        int qosMaximum = 2;
        while (in.position() < end) {
            int id = in.get() & 0xff;
            switch (id) {
                case RECEIVE_MAXIMUM -> receiveMaximum = in.getShort() & 0xffff;
                case MAXIMUM_QOS -> qosMaximum = in.get();
                case 0x25, 0x28, 0x29, 0x2a -> in.get();
                case 0x13, 0x22 -> in.getShort();
                case 0x11, 0x27 -> in.getInt();
                case 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f -> skipText(in);
                case 0x26 -> {
                    skipText(in);
                    skipText(in);
                }
                default -> throw new IOException("CONNACK holds property 0x" + Integer.toHexString(id));
            }
        }
        return new MqttConnack(receiveMaximum, qosMaximum);
    }

    private static void skipText(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + length);
    }

    /** Reads a variable byte integer. */
    static int length(ByteBuffer in) {
        int length = 0;
        int shift = 0;
        byte digit;
        do {
            digit = in.get();
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit < 0 && shift < 28);
        return length;
    }
}
