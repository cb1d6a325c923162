package io.waymark.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Octets over a socket, and the packets that come back. */
public final class RawClient implements AutoCloseable {
    /** The connection was closed. */
    public static final String CLOSED = "closed";

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawClient(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    /** Connects with version 4 or 5 and reads the CONNACK. */
    public static RawClient connected(int port, int version, String clientId) throws IOException {
        RawClient client = new RawClient(port);
        client.send(connect(version, clientId, true, 0));
        String answer = client.receive();
        if (!answer.startsWith("20")
                || !answer.substring(answer.length() > 8 ? 6 : 4).startsWith("0")) {
            throw new IOException("not accepted: " + answer);
        }
        return client;
    }

    /** A CONNECT without user name. Version 5: with the session expiry in seconds. */
    public static byte[] connect(int version, String clientId, boolean clean, int expirySeconds) {
        return packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(version);
            body.write(clean ? 2 : 0);
            body.writeShort(60);
            if (version == 5) {
                body.write(expirySeconds == 0 ? 0 : 5);
                if (expirySeconds != 0) {
                    body.write(0x11);
                    body.writeInt(expirySeconds);
                }
            }
            body.writeUTF(clientId);
        });
    }

    /** PUBLISH; packetId is left out for QoS 0. */
    public static byte[] publish(int version, int flags, String topic, int packetId, String payload) {
        return packet(0x30 | flags, body -> {
            body.writeUTF(topic);
            if ((flags & 6) != 0) {
                body.writeShort(packetId);
            }
            if (version == 5) {
                body.write(0);
            }
            body.write(payload.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** What opens MQTT over WebSocket at {@code /mqtt}. */
    public static byte[] webSocketUpgrade() {
        return String.join(
                        "\r\n",
                        "GET /mqtt HTTP/1.1",
                        "Host: x",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Protocol: mqtt",
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes a packet's body. */
    public interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    /** First octet, length, body. */
    public static byte[] packet(int first, Body content) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            content.write(new DataOutputStream(body));
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(first);
            int length = body.size();
            while (length >= 128) {
                packet.write((length & 0x7F) | 0x80);
                length >>>= 7;
            }
            packet.write(length);
            body.writeTo(packet);
            return packet.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void send(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** Hexadecimal digits; spaces are for the reader. */
    public void send(String hex) throws IOException {
        send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** The next packet in hexadecimal digits, or {@link #CLOSED}. */
    public String receive() throws IOException {
        try {
            int first = in.read();
            if (first < 0) {
                return CLOSED;
            }
            int length = 0;
            int shift = 0;
            int octet;
            ByteArrayOutputStream packet = new ByteArrayOutputStream();
            packet.write(first);
            do {
                octet = in.read();
                packet.write(octet);
                length |= (octet & 0x7F) << shift;
                shift += 7;
            } while ((octet & 0x80) != 0);
            packet.write(in.readNBytes(length));
            return HexFormat.of().formatHex(packet.toByteArray());
        } catch (SocketTimeoutException e) {
            throw new IOException("nothing received for 10 s", e);
        } catch (SocketException e) {
            return CLOSED;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
