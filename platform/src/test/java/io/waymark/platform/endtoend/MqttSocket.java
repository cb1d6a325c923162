package io.waymark.platform.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waymark.platform.ServeProcess;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;

/** A connection to the MQTT door on which any octets can be written. */
final class MqttSocket implements AutoCloseable {
    static final int V3 = 4;
    static final int V5 = 5;

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket = new Socket();

    MqttSocket(ServeProcess serve) throws IOException {
        socket.connect(serve.address("mqtt"), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** A field that is written by itself. */
    private interface Fields {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] octets(Fields fields) {
        try {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            fields.write(new DataOutputStream(octets));
            return octets.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A whole packet: first octet, remaining length, rest. */
    static byte[] packet(int first, byte[] rest) {
        return octets(out -> {
            out.writeByte(first);
            int left = rest.length;
            do {
                out.writeByte(left % 128 | (left >= 128 ? 0x80 : 0));
                left /= 128;
            } while (left > 0);
            out.write(rest);
        });
    }

    /** CONNECT with clean start and a password. */
    static byte[] connect(int version, String clientId, String user, String password) {
        return packet(0x10, octets(out -> {
            text(out, "MQTT");
            out.writeByte(version);
            out.writeByte(0xC2); // user name, password, clean start
            out.writeShort(60);
            if (version == V5) {
                out.writeByte(0);
            }
            text(out, clientId);
            text(out, user);
            text(out, password);
        }));
    }

    /** PUBLISH with a packet identifier, as version 5 has it. */
    static byte[] publish5(int first, String topic, int packetId, byte[] payload) {
        return packet(first, octets(out -> {
            text(out, topic);
            out.writeShort(packetId);
            out.writeByte(0);
            out.write(payload);
        }));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    MqttSocket send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        return this;
    }

    /** One short packet, or an empty array when the other side has closed. */
    byte[] receive() throws IOException {
        try {
            int first = socket.getInputStream().read();
            if (first < 0) {
                return new byte[0];
            }
            int length = socket.getInputStream().read();
            byte[] rest = socket.getInputStream().readNBytes(length);
            return octets(out -> {
                out.writeByte(first);
                out.writeByte(length);
                out.write(rest);
            });
        } catch (SocketException e) {
            // Closed with octets of ours unread: the system says reset.
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
