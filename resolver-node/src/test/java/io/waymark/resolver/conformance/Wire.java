package io.waymark.resolver.conformance;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** A way to the node: octets out, messages back. Waits at most {@value #PATIENCE_MILLIS} ms for the first of them. */
interface Wire extends AutoCloseable {
    int PATIENCE_MILLIS = 8000;
    int SILENCE_MILLIS = 400;

    /** What came back: the messages up to the first that says no more follow. */
    record Reply(List<Message> messages, List<Integer> datagramBytes, boolean closed) {}

    /**
     * Sends and waits.
     *
     * @param pieces datagrams, or parts of a stream
     * @param silence whether no answer is expected
     */
    Reply exchange(List<byte[]> pieces, boolean silence) throws IOException;

    @Override
    void close() throws IOException;

    static Wire open(String way, InetSocketAddress handle, InetSocketAddress http) throws IOException {
        return switch (way) {
            case "udp" -> new Udp(handle);
            case "tcp" -> new Tcp(handle);
            case "http" -> new Http(http);
            default -> throw new AssertionError("the scenario goes over " + way);
        };
    }

    /** Datagrams: an answer's slices are put together by their numbers. */
    final class Udp implements Wire {
        private static final int SLICE = 492;
        private final DatagramSocket socket = new DatagramSocket();

        Udp(InetSocketAddress server) throws IOException {
            socket.connect(server);
        }

        @Override
        public Reply exchange(List<byte[]> pieces, boolean silence) throws IOException {
            for (byte[] piece : pieces) {
                socket.send(new DatagramPacket(piece, piece.length));
            }
            socket.setSoTimeout(silence ? SILENCE_MILLIS : PATIENCE_MILLIS);
            List<Message> messages = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            try {
                do {
                    messages.add(message(sizes));
                } while (!messages.get(messages.size() - 1).encrypted()
                        && messages.get(messages.size() - 1).has("CONT"));
            } catch (SocketTimeoutException e) {
                return new Reply(messages, sizes, false);
            }
            return new Reply(messages, sizes, false);
        }

        private Message message(List<Integer> sizes) throws IOException {
            TreeMap<Integer, byte[]> slices = new TreeMap<>();
            int total;
            do {
                byte[] datagram = receive();
                sizes.add(datagram.length);
                total = ByteBuffer.wrap(datagram).getInt(16);
                slices.put(ByteBuffer.wrap(datagram).getInt(12), datagram);
            } while (slices.size() < (total + SLICE - 1) / SLICE);
            Octets whole = new Octets().raw(Arrays.copyOf(slices.get(0), Message.ENVELOPE));
            slices.values().forEach(s -> whole.raw(Arrays.copyOfRange(s, Message.ENVELOPE, s.length)));
            return new Message(whole.all());
        }

        private byte[] receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            socket.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** One connection for all steps of a scenario. */
    final class Tcp implements Wire {
        private final Socket socket;
        private final DataInputStream in;

        Tcp(InetSocketAddress server) throws IOException {
            socket = new Socket(server.getAddress(), server.getPort());
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        }

        @Override
        public Reply exchange(List<byte[]> pieces, boolean silence) throws IOException {
            for (byte[] piece : pieces) {
                socket.getOutputStream().write(piece);
                socket.getOutputStream().flush();
            }
            socket.setSoTimeout(silence ? SILENCE_MILLIS : PATIENCE_MILLIS);
            List<Message> messages = new ArrayList<>();
            try {
                do {
                    messages.add(message());
                } while (!messages.get(messages.size() - 1).encrypted()
                        && messages.get(messages.size() - 1).has("CONT"));
            } catch (SocketTimeoutException e) {
                return new Reply(messages, List.of(), false);
            } catch (EOFException e) {
                return new Reply(messages, List.of(), true);
            }
            return new Reply(messages, List.of(), false);
        }

        /** One more message of a pipelined exchange. */
        Message message() throws IOException {
            byte[] envelope = new byte[Message.ENVELOPE];
            in.readFully(envelope);
            byte[] rest = new byte[ByteBuffer.wrap(envelope).getInt(16)];
            in.readFully(rest);
            return new Message(new Octets().raw(envelope).raw(rest).all());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A connection per request, read to its end as the reference client reads it. */
    final class Http implements Wire {
        private final InetSocketAddress server;

        Http(InetSocketAddress server) {
            this.server = server;
        }

        @Override
        public Reply exchange(List<byte[]> pieces, boolean silence) throws IOException {
            byte[] body = pieces.stream()
                    .reduce(new Octets(), Octets::raw, (a, b) -> a)
                    .all();
            try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                String head = "POST /%2F HTTP/1.1\r\nHost: node\r\nAccept: application/x-hdl-message\r\n"
                        + "Content-Type: application/x-hdl-message\r\nContent-Length: " + body.length
                        + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                return reply(socket.getInputStream().readAllBytes(), silence);
            }
        }

        private static Reply reply(byte[] answer, boolean silence) {
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            int blank = text.indexOf("\r\n\r\n");
            String head = text.substring(0, blank).toLowerCase(Locale.ROOT);
            if (silence) {
                return new Reply(List.of(), List.of(), true);
            }
            check(head.startsWith("http/1.1 200"), head);
            check(head.contains("content-type: application/x-hdl-message"), head);
            check(head.contains("content-length:") && !head.contains("transfer-encoding"), head);
            List<Message> messages = new ArrayList<>();
            int at = blank + 4;
            while (at < answer.length) {
                int bytes = Message.ENVELOPE + ByteBuffer.wrap(answer).getInt(at + 16);
                messages.add(new Message(Arrays.copyOfRange(answer, at, at + bytes)));
                at += bytes;
            }
            return new Reply(messages, List.of(), true);
        }

        private static void check(boolean right, String head) {
            if (!right) {
                throw new AssertionError("no answer of the tunnel begins with " + head);
            }
        }

        @Override
        public void close() {
            // nothing is kept
        }
    }
}
