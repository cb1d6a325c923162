package io.waymark.bench.floor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Answers every Handle datagram with the same record of 200 octets: one thread, blocking, {@code java.nio}, no look-up.
 * {@code java -cp benchmarks.jar io.waymark.bench.floor.UdpFloor PORT}
 */
public final class UdpFloor {
    private static final int ANSWER_BYTES = 200;
    private static final int ENVELOPE = 20;
    private static final int REQUEST_ID = 8;
    private static final int LENGTH = 16;
    private static final int OP_CODE = 20;
    private static final int RESPONSE_CODE = 24;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    private UdpFloor() {}

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            channel.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
            serve(channel);
        }
    }

    private static void serve(DatagramChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(2048);
        ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES);
        answer.putInt(0, 0x020b020b).putInt(LENGTH, ANSWER_BYTES - ENVELOPE);
        answer.putInt(OP_CODE, 1).putInt(RESPONSE_CODE, 1);
        while (true) {
            SocketAddress sender = channel.receive(in.clear());
            if (sender != null && in.position() >= ENVELOPE) {
                answer.putInt(REQUEST_ID, in.getInt(REQUEST_ID));
                channel.send(answer.clear(), sender);
            }
        }
    }
}
