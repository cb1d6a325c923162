package io.waymark.resolver.client;

import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FragmentAssembler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** One request in datagrams, sent again after 500, 1000 and 1500 ms. */
final class UdpExchange {
    private static final int[] WAIT_MILLIS = {500, 1000, 1500};
    private static final int MAX_DATAGRAM_BYTES = 2048;

    private UdpExchange() {}

    static Exchange.Result run(InetSocketAddress server, byte[] request, int requestId, Duration timeout)
            throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            FragmentAssembler assembler = new FragmentAssembler(FragmentAssembler.Limits.defaults());
            for (int attempt = 1; attempt <= WAIT_MILLIS.length; attempt++) {
                long sent = System.nanoTime();
                send(socket, request);
                long until = Math.min(deadline, sent + WAIT_MILLIS[attempt - 1] * 1_000_000L);
                byte[] frame = receive(socket, server, requestId, assembler, until);
                if (frame.length > 0) {
                    return new Exchange.Result(frame, Duration.ofNanos(System.nanoTime() - sent), attempt);
                }
                if (System.nanoTime() >= deadline) {
                    break;
                }
            }
        }
        throw new SocketTimeoutException("no answer from " + server + " over UDP");
    }

    private static void send(DatagramSocket socket, byte[] request) throws IOException {
        int messageLength = request.length - EnvelopeCodec.BYTES;
        if (messageLength <= EnvelopeCodec.SLICE_BYTES) {
            socket.send(new DatagramPacket(request, request.length));
            return;
        }
        for (int n = 0; n < FragmentAssembler.slicesOf(messageLength); n++) {
            byte[] datagram = slice(request, n);
            socket.send(new DatagramPacket(datagram, datagram.length));
        }
    }

    private static byte[] slice(byte[] request, int number) throws IOException {
        int from = EnvelopeCodec.BYTES + number * EnvelopeCodec.SLICE_BYTES;
        int to = Math.min(request.length, from + EnvelopeCodec.SLICE_BYTES);
        Envelope e = Exchange.checkedEnvelope(request);
        ByteBuffer out = ByteBuffer.allocate(EnvelopeCodec.BYTES + to - from);
        EnvelopeCodec.encode(
                new Envelope(
                        e.version(),
                        Envelope.TRUNCATED,
                        e.suggested(),
                        e.sessionId(),
                        e.requestId(),
                        number,
                        e.messageLength()),
                out);
        return out.put(request, from, to - from).array();
    }

    /** The whole answer, or nothing if it did not come in time. */
    private static byte[] receive(
            DatagramSocket socket,
            InetSocketAddress server,
            int requestId,
            FragmentAssembler assembler,
            long untilNanos)
            throws IOException {
        byte[] buffer = new byte[MAX_DATAGRAM_BYTES];
        while (System.nanoTime() < untilNanos) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            socket.setSoTimeout(Exchange.millisLeft(untilNanos));
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return new byte[0];
            }
            byte[] frame = accept(Arrays.copyOf(buffer, packet.getLength()), server, requestId, assembler);
            if (frame.length > 0) {
                return frame;
            }
        }
        return new byte[0];
    }

    private static byte[] accept(byte[] datagram, InetSocketAddress server, int requestId, FragmentAssembler assembler)
            throws IOException {
        Envelope envelope = Exchange.checkedEnvelope(datagram);
        if (envelope.requestId() != requestId) {
            return new byte[0]; // a late answer to something else
        }
        byte[] slice = Arrays.copyOfRange(datagram, EnvelopeCodec.BYTES, datagram.length);
        if (envelope.messageLength() <= slice.length) {
            return datagram;
        }
        if (assembler.add(server, envelope, slice, System.nanoTime()) != FragmentAssembler.Outcome.COMPLETE) {
            return new byte[0];
        }
        byte[] message = assembler.take();
        return ByteBuffer.allocate(EnvelopeCodec.BYTES + message.length)
                .put(datagram, 0, EnvelopeCodec.BYTES)
                .put(message)
                .array();
    }
}
