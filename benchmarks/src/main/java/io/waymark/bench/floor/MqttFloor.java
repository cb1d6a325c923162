package io.waymark.bench.floor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Takes MQTT 3.1.1 connections from anybody and acknowledges every PUBLISH at once, without looking at it: one thread, {@code
 * java.nio}. Not a broker: it forgets everything.
 * {@code java -cp benchmarks.jar io.waymark.bench.floor.MqttFloor PORT}
 */
public final class MqttFloor {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PUBREL = 6;
    private static final int PINGREQ = 12;

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private MqttFloor() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException {
        new MqttFloor().serve(Integer.parseInt(args[0]));
    }

    private void serve(int port) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress("127.0.0.1", port)).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        accept(server, selector);
                    } else {
                        serve((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        SocketChannel client = server.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(BUFFER_BYTES));
    }

    /** @param rest of a packet that has not come whole, position = end */
    private void serve(SocketChannel client, ByteBuffer rest) throws IOException {
        try {
            if (!read(client, rest)) {
                client.close();
            }
        } catch (IOException e) {
            // A publisher whose time is up leaves without reading its last acknowledgements.
            client.close();
        }
    }

    private boolean read(SocketChannel client, ByteBuffer rest) throws IOException {
        in.clear().put(rest.flip());
        boolean open = client.read(in) >= 0;
        in.flip();
        out.clear();
        while (packet()) {}
        rest.clear().put(in);
        out.flip();
        while (open && out.hasRemaining()) {
            client.write(out);
        }
        return open;
    }

    /** Answers one whole packet; false if there is none. */
    private boolean packet() {
        int start = in.position();
        int length = 0;
        int at = start + 1;
        for (int shift = 0; at < in.limit(); shift += 7) {
            byte digit = in.get(at++);
            length |= (digit & 0x7f) << shift;
            if (digit >= 0) {
                if (at + length > in.limit()) {
                    return false;
                }
                answer(in.get(start), at);
                in.position(at + length);
                return true;
            }
        }
        return false;
    }

    private void answer(byte first, int body) {
        switch (first >> 4 & 0xf) {
            case CONNECT -> out.putInt(0x20020000);
            case PINGREQ -> out.putShort((short) 0xd000);
            case PUBREL -> out.putShort((short) 0x7002).putShort(in.getShort(body));
            case PUBLISH -> {
                int qos = first >> 1 & 3;
                if (qos > 0) {
                    int packetId = body + 2 + in.getShort(body);
                    out.putShort((short) (qos == 1 ? 0x4002 : 0x5002)).putShort(in.getShort(packetId));
                }
            }
            default -> {
                // DISCONNECT and what a publisher never sends.
            }
        }
    }
}
