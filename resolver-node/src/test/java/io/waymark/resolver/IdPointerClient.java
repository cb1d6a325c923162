package io.waymark.resolver;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The exchange of the Chinese identifier network's client, after its description: one kept TCP connection, one outstanding
 * request on it, heartbeats, a login with a session number the client chose. Knows nothing of the node's code.
 */
final class IdPointerClient implements AutoCloseable {
    static final int RESOLUTION = 1;
    static final int SITE_INFO = 2;
    static final int CREATE = 100;
    static final int DELETE = 101;
    static final int ADD = 102;
    static final int MODIFY = 104;
    static final int ANSWER = 200;
    static final int LOGIN = 2001;

    static final int DEFAULT = 0x1900_0000;
    static final int DIGEST = 0x0080_0000;
    static final int OVERWRITE = 0x0040_0000;
    static final int AUTH_STRING = 0x0000_0004;

    /** What came back. */
    record Answer(int sessionId, int requestId, int opCode, int responseCode, int flags, byte[] body) {
        /** Behind the digest of the request. */
        byte[] content() {
            boolean digest = (flags & DIGEST) != 0;
            int skip = !digest ? 0 : body[0] == 3 ? 33 : 21;
            return Arrays.copyOfRange(body, skip, body.length);
        }
    }

    interface Signer {
        /** The proof: algorithm and signature, or MAC. */
        byte[] sign(byte[] nonceAndDigest) throws Exception;
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int requestId = 1000;

    IdPointerClient(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /**
     * @param receiveBytes what the system may keep of answers not read; 0 = as much as it likes
     */
    IdPointerClient(InetSocketAddress server, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(server);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    Answer send(int sessionId, int opCode, int flags, byte[] body) throws IOException {
        int id = ask(sessionId, opCode, flags, body);
        Answer answer = read();
        if (answer.requestId() != id) {
            throw new IOException("answer to " + answer.requestId() + " but " + id + " was asked");
        }
        return answer;
    }

    /** Sends and does not wait; the request's id. */
    int ask(int sessionId, int opCode, int flags, byte[] body) throws IOException {
        int id = requestId++;
        int length = 24 + body.length + 4;
        ByteBuffer m = ByteBuffer.allocate(20 + length);
        m.put((byte) 2).put((byte) 11).put((byte) 2).put((byte) 11); // versions
        m.putInt(sessionId).putInt(id).putInt(0).putInt(length);
        m.putInt(opCode).putInt(0).putInt(flags).putShort((short) 1).putShort((short) 0);
        m.putInt((int) (System.currentTimeMillis() / 1000) + 43_200).putInt(body.length);
        m.put(body).putInt(0);
        out.write(m.array());
        return id;
    }

    /** The next message that comes. */
    Answer read() throws IOException {
        byte[] envelope = in.readNBytes(20);
        ByteBuffer e = ByteBuffer.wrap(envelope);
        byte[] message = in.readNBytes(e.getInt(16));
        ByteBuffer m = ByteBuffer.wrap(message);
        byte[] body = Arrays.copyOfRange(message, 24, 24 + m.getInt(20));
        return new Answer(e.getInt(4), e.getInt(8), m.getInt(0), m.getInt(4), m.getInt(8), body);
    }

    /** Site, login, answer to the challenge. */
    Answer logIn(int sessionId, String handle, int index, String type, Signer signer) throws Exception {
        send(sessionId, SITE_INFO, DEFAULT, utf8("/"));
        Answer challenge = send(sessionId, LOGIN, DEFAULT | DIGEST, join(utf8(handle), i4(index)));
        if (challenge.responseCode() != 402 || challenge.sessionId() != sessionId) {
            throw new IOException("no challenge but " + challenge);
        }
        byte[] nonce = Arrays.copyOfRange(challenge.content(), 4, challenge.content().length);
        byte[] digest = Arrays.copyOfRange(challenge.body(), 1, 33);
        byte[] proof = signer.sign(join(nonce, digest));
        return send(
                sessionId,
                ANSWER,
                DEFAULT | DIGEST,
                join(utf8(type), utf8(handle), i4(index), i4(proof.length), proof));
    }

    /** A resolution as the SDK writes it: with a field of its own behind the body. */
    Answer resolve(int sessionId, int flags, String handle) throws IOException {
        return send(sessionId, RESOLUTION, flags, join(utf8(handle), i4(0), i4(0), i4(0)));
    }

    static byte[] value(int index, String type, String data) {
        return join(i4(index), i4(0), new byte[] {0}, i4(86_400), new byte[] {0x0e}, utf8(type), utf8(data), i4(0));
    }

    static byte[] utf8(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return join(i4(octets.length), octets);
    }

    static byte[] i4(int n) {
        return ByteBuffer.allocate(4).putInt(n).array();
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
