package io.waymark.bench.floor;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes MQTT 3.1.1 connections from anybody and acknowledges every PUBLISH without looking at it: one thread, {@code java.nio}.
 * Not a broker: it forgets everything. With a FILE what came is appended there and fdatasynced before the acknowledgements
 * leave, all that came meanwhile with the next fdatasync: the least that a server which acknowledges what is durable can do.
 * {@code java -cp benchmarks.jar io.waymark.bench.floor.MqttFloor PORT [FILE]}
 */
public final class MqttFloor {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PUBREL = 6;
    private static final int PINGREQ = 12;

    /**
     * A connection.
     *
     * @param rest of a packet that has not come whole, position = end
     * @param out answers that have not left
     */
    private record Client(SocketChannel channel, ByteBuffer rest, ByteBuffer out) {}

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final @Nullable FileChannel file;

    private MqttFloor(@Nullable FileChannel file) {
        this.file = file;
    }

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException {
        FileChannel file = args.length < 2
                ? null
                : FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        new MqttFloor(file).serve(Integer.parseInt(args[0]));
    }

    private void serve(int port) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress("127.0.0.1", port)).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            List<Client> heard = new ArrayList<>();
            while (true) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Client client) {
                        heard.add(client);
                    } else {
                        accept(server, selector);
                    }
                }
                selector.selectedKeys().clear();
                serve(heard);
                heard.clear();
            }
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        SocketChannel client = server.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.configureBlocking(false);
        ByteBuffer rest = ByteBuffer.allocate(BUFFER_BYTES);
        client.register(
                selector, SelectionKey.OP_READ, new Client(client, rest, ByteBuffer.allocateDirect(BUFFER_BYTES)));
    }

    private void serve(List<Client> heard) throws IOException {
        for (Client client : heard) {
            // A publisher whose time is up leaves without reading its last acknowledgements.
            unlessGone(client, () -> read(client));
        }
        if (file != null) {
            file.force(false);
        }
        for (Client client : heard) {
            unlessGone(client, () -> write(client));
        }
    }

    /** Something that a client's end breaks off. */
    private interface Talk {
        void talk() throws IOException;
    }

    private static void unlessGone(Client client, Talk talk) throws IOException {
        try {
            talk.talk();
        } catch (IOException e) {
            client.channel().close();
        }
    }

    private void read(Client client) throws IOException {
        in.clear().put(client.rest().flip());
        int before = in.position();
        if (client.channel().read(in) < 0) {
            throw new EOFException();
        }
        if (file != null) {
            file.write(in.duplicate().flip().position(before));
        }
        in.flip();
        client.out().clear();
        while (packet(client.out())) {}
        client.rest().clear().put(in);
        client.out().flip();
    }

    private static void write(Client client) throws IOException {
        while (client.out().hasRemaining()) {
            client.channel().write(client.out());
        }
    }

    /** Answers one whole packet; false if there is none. */
    private boolean packet(ByteBuffer out) {
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
                answer(in.get(start), at, out);
                in.position(at + length);
                return true;
            }
        }
        return false;
    }

    private void answer(byte first, int body, ByteBuffer out) {
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
