package io.waymark.gateway.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One client of a scenario. */
final class ScenarioClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Socket socket;
    private final Map<String, String> bound;
    private ClientCodec codec;

    ScenarioClient(int port, int level, Map<String, String> bound) throws IOException {
        this.socket = new Socket("127.0.0.1", port);
        this.socket.setTcpNoDelay(true);
        this.codec = new ClientCodec(level);
        this.bound = bound;
    }

    void send(String text) throws IOException {
        if (text.startsWith("hex ")) {
            write(HexFormat.of().parseHex(text.substring(4).replace(" ", "")));
            return;
        }
        Fields packet = Fields.parse(text);
        if (packet.has("v")) {
            codec = new ClientCodec(packet.number("v", 5));
        }
        bound.forEach((name, value) -> packet.values()
                .replaceAll((key, all) ->
                        all.stream().map(v -> v.equals(name) ? value : v).toList()));
        write(codec.encode(packet));
    }

    private void write(byte[] octets) throws IOException {
        try {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            // The server has closed already; what it said before is still to be read.
        }
    }

    /** Fails unless the next packet, or the end, is as the text says. */
    void expect(String text) throws IOException {
        if (text.startsWith("nothing ")) {
            int millis = Integer.parseInt(text.substring(8).replace("ms", ""));
            byte[] unwanted = read(millis);
            if (unwanted == null || unwanted.length > 0) {
                throw new AssertionError("expected nothing but got " + show(unwanted));
            }
            return;
        }
        byte[] packet = read(PATIENCE_MILLIS);
        if (packet != null && packet.length == 0) {
            throw new AssertionError("expected " + text + " but nothing came");
        }
        if (text.equals("closed") || packet == null) {
            if (!text.equals("closed") || packet != null) {
                throw new AssertionError("expected " + text + " but got " + show(packet));
            }
            return;
        }
        if (text.startsWith("hex ")) {
            String wanted = text.substring(4).replace(" ", "");
            if (!wanted.equals(HexFormat.of().formatHex(packet))) {
                throw new AssertionError("expected " + wanted + " but got " + show(packet));
            }
            return;
        }
        compare(Fields.parse(text), codec.decode(packet));
    }

    private void compare(Fields wanted, Fields got) {
        if (!wanted.type().equals(got.type())) {
            throw new AssertionError("expected " + wanted + " but got " + got);
        }
        wanted.values().forEach((name, values) -> {
            String first = values.get(0);
            boolean right;
            if (first.startsWith("$") && !bound.containsKey(first)) {
                bound.put(first, got.get(name, ""));
                right = got.has(name);
            } else if (first.equals("*")) {
                right = got.has(name);
            } else if (first.equals("-")) {
                right = !got.has(name);
            } else {
                right = values.stream()
                        .map(v -> bound.getOrDefault(v, v))
                        .toList()
                        .equals(got.all(name));
            }
            if (!right) {
                throw new AssertionError(name + ": expected " + wanted + " but got " + got);
            }
        });
    }

    private String show(byte @Nullable [] packet) {
        return packet == null
                ? "closed"
                : codec.decode(packet) + " (" + HexFormat.of().formatHex(packet) + ")";
    }

    /** The next packet; null at the end of the connection; empty when nothing came in time. */
    private byte @Nullable [] read(int millis) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        try {
            socket.setSoTimeout(millis);
            int first = in.read();
            if (first < 0) {
                return null;
            }
            packet.write(first);
            int length = 0;
            int shift = 0;
            int octet;
            do {
                octet = in.read();
                packet.write(octet);
                length |= (octet & 0x7F) << shift;
                shift += 7;
            } while ((octet & 0x80) != 0);
            packet.write(in.readNBytes(length));
            return packet.toByteArray();
        } catch (SocketTimeoutException e) {
            return packet.toByteArray();
        } catch (SocketException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
