package io.waymark.resolver.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns a scenario's words into requests; remembers the challenge and the session they may refer to. */
final class Client {
    private static final int DEFAULT_FLAGS = 0x1900_0000;
    private static final Set<String> KNOWN = Set.of(
            "op",
            "handle",
            "indexes",
            "types",
            "values",
            "as",
            "mode",
            "seconds",
            "prove",
            "verify",
            "key",
            "body",
            "trailing",
            "version",
            "suggest",
            "flags",
            "with",
            "without",
            "session",
            "requestId",
            "serial",
            "recursion",
            "expired",
            "counter",
            "mac",
            "encrypt",
            "envelopeLength",
            "bodyLength",
            "hex",
            "slices",
            "sliceBytes",
            "responseCode",
            "publicKey",
            "pieces",
            "again",
            "tamper",
            "noCredential",
            "filler",
            "connection");

    private final List<OpenSession> sessions = new ArrayList<>();
    private int requestId = 0x0102_0304;
    private Optional<Message> challenge = Optional.empty();
    private Message last = new Message(new byte[44]);

    /** The last request, whole and not encrypted. */
    Message last() {
        return last;
    }

    Optional<OpenSession> session() {
        return sessions.isEmpty() ? Optional.empty() : Optional.of(sessions.get(sessions.size() - 1));
    }

    /** Learns from an answer. */
    void learn(Message answer) throws GeneralSecurityException {
        if (answer.responseCode() == 402) {
            challenge = Optional.of(answer);
        }
        if (answer.opCode() == 400 && answer.responseCode() == 1) {
            sessions.get(sessions.size() - 1).agree(answer.sessionId(), answer.content());
        }
    }

    /** The octets to send: one piece, or the datagrams or parts the scenario asks for. */
    List<byte[]> pieces(JsonNode send) throws GeneralSecurityException {
        send.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                throw new AssertionError("a request has no " + name);
            }
        });
        byte[] whole = send.path("again").asBoolean() ? last.octets() : octets(send);
        if (send.has("slices")) {
            return slices(whole, send);
        }
        if (send.has("pieces")) {
            List<byte[]> pieces = new ArrayList<>();
            for (int from = 0; from < whole.length; from += send.path("pieces").asInt()) {
                pieces.add(Arrays.copyOfRange(
                        whole,
                        from,
                        Math.min(whole.length, from + send.path("pieces").asInt())));
            }
            return pieces;
        }
        return List.of(whole);
    }

    private static List<byte[]> slices(byte[] whole, JsonNode send) {
        int size = send.path("sliceBytes").asInt(492);
        List<byte[]> slices = new ArrayList<>();
        for (JsonNode n : send.path("slices")) {
            int from = Message.ENVELOPE + n.asInt() * size;
            ByteBuffer slice = ByteBuffer.wrap(new Octets()
                    .raw(Arrays.copyOf(whole, Message.ENVELOPE))
                    .raw(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + size)))
                    .all());
            slice.put(2, (byte) (slice.get(2) | 0x20)).putInt(12, n.asInt());
            slices.add(slice.array());
        }
        return slices;
    }

    private byte[] octets(JsonNode send) throws GeneralSecurityException {
        if (send.has("hex")) {
            last = new Message(Octets.hex(send.path("hex").asText()));
            return last.octets();
        }
        byte[] body = new Octets()
                .raw(send.has("body") ? Octets.hex(send.path("body").asText()) : body(send))
                .raw(Octets.hex(send.path("trailing").asText("")))
                .all();
        byte[] headerAndBody = new Octets()
                .i4(send.has("prove") ? 200 : Words.operation(send.path("op")))
                .i4(send.path("responseCode").asInt(0))
                .i4(flags(send))
                .i2(send.path("serial").asInt(1))
                .i1(send.path("recursion").asInt(0))
                .i1(0)
                .i4(send.path("expired").asBoolean() ? 1 : (int) (System.currentTimeMillis() / 1000) + 43_200)
                .i4(send.path("bodyLength").asInt(body.length))
                .raw(body)
                .all();
        return framed(send, headerAndBody);
    }

    private byte[] framed(JsonNode send, byte[] headerAndBody) throws GeneralSecurityException {
        boolean inSession = send.path("session").asText().equals("open");
        int version = Words.version(send.path("version").asText("2.11"));
        int suggest = Words.version(send.path("suggest").asText("2.11"));
        int id = send.path("requestId").asInt(requestId++);
        int sessionId = sessionId(send);
        byte[] credential = inSession
                ? credential(send, version, suggest, sessionId, id, headerAndBody)
                : new Octets().i4(0).all();
        byte[] message = send.path("noCredential").asBoolean()
                ? headerAndBody
                : new Octets().raw(headerAndBody).raw(credential).all();
        last = new Message(envelope(version, suggest, 0, sessionId, id, message.length)
                .raw(message)
                .all());
        boolean seal = send.path("encrypt").asBoolean();
        byte[] sent = seal ? session().orElseThrow().seal(message) : message;
        if (send.path("tamper").asBoolean()) {
            sent[sent.length - 1] ^= 1;
        }
        return envelope(
                        version,
                        suggest,
                        seal ? 0x40 : 0,
                        sessionId,
                        id,
                        send.path("envelopeLength").asInt(sent.length))
                .raw(sent)
                .all();
    }

    private static Octets envelope(int version, int suggest, int flags, int sessionId, int requestId, int length) {
        return new Octets()
                .i2(version)
                .i1(flags | suggest >> 8)
                .i1(suggest & 0xff)
                .i4(sessionId)
                .i4(requestId)
                .i4(0)
                .i4(length);
    }

    private int sessionId(JsonNode send) {
        JsonNode session = send.path("session");
        if (session.asText().equals("open")) {
            return session().orElseThrow().id();
        }
        if (session.asText().equals("challenge") || (send.has("prove") && !session.isNumber())) {
            return challenge.map(Message::sessionId).orElse(0);
        }
        return session.asInt(0);
    }

    private byte[] credential(JsonNode send, int version, int suggest, int sessionId, int id, byte[] headerAndBody)
            throws GeneralSecurityException {
        OpenSession session = session().orElseThrow();
        int counter = send.has("counter") ? send.path("counter").asInt() : session.nextCounter();
        Octets covered = new Octets();
        if (version >= 0x0207) {
            covered.i2(version);
            if (version >= 0x0208) {
                covered.i2(suggest);
            }
            covered.i4(sessionId).i4(id).i4(counter);
        }
        byte[] mac = session.mac(covered.raw(headerAndBody).all());
        if (send.path("mac").asText().equals("wrong")) {
            mac[0] ^= 1;
        }
        byte[] section = new Octets().text("HMAC-SHA256").bytes(mac).all();
        byte[] content = new Octets()
                .i4(0)
                .i4(0)
                .i4(counter)
                .text("HS_MAC")
                .i4(section.length)
                .raw(section)
                .all();
        return new Octets().bytes(content).all();
    }

    private static int flags(JsonNode send) {
        int flags = send.has("flags") ? Words.flags(send.path("flags")) : DEFAULT_FLAGS;
        return (flags | Words.flags(send.path("with"))) & ~Words.flags(send.path("without"));
    }

    private byte[] body(JsonNode send) throws GeneralSecurityException {
        if (send.has("prove")) {
            return proof(send.path("prove"));
        }
        Octets body = new Octets();
        String handle = send.path("handle").asText("/");
        return switch (Words.operation(send.path("op"))) {
            case 1 -> {
                body.text(handle).i4(send.path("indexes").size());
                send.path("indexes").forEach(i -> body.i4(i.asInt()));
                int filler = send.path("filler").asInt(0);
                body.i4(send.path("types").size() + (filler > 0 ? 1 : 0));
                send.path("types").forEach(t -> body.text(t.asText()));
                if (filler > 0) {
                    body.text("X".repeat(filler)); // a type nobody has, to make the request long
                }
                yield body.all();
            }
            case 100, 102, 104 -> {
                body.text(handle).i4(send.path("values").size());
                send.path("values").forEach(body::value);
                yield body.all();
            }
            case 103 -> {
                body.text(handle).i4(send.path("indexes").size());
                send.path("indexes").forEach(i -> body.i4(i.asInt()));
                yield body.all();
            }
            case 201 -> verification(send.path("verify"));
            case 400 -> setup(send);
            case 402 -> body.bytes(Octets.hex(send.path("key").asText())).all();
            case 2001 -> body.reference(send.path("as").asText()).all();
            default -> body.text(handle).all();
        };
    }

    private byte[] setup(JsonNode send) throws GeneralSecurityException {
        OpenSession fresh = new OpenSession();
        sessions.add(fresh);
        Octets body = new Octets()
                .i2(send.path("mode").asInt(4))
                .i4(send.path("seconds").asInt(86_400))
                .reference(send.path("as").asText());
        byte[] key = send.has("publicKey") ? Octets.hex(send.path("publicKey").asText()) : fresh.publicKey();
        return body.bytes(key).i2(0).all(); // the two stray octets of the reference client
    }

    private byte[] proof(JsonNode prove) {
        Message asked = challenge.orElseThrow(() -> new AssertionError("there was no challenge to answer"));
        byte[] digest = asked.digest();
        byte[] input = new Octets()
                .raw(Octets.takeBytes(asked.content()))
                .raw(Arrays.copyOfRange(digest, 1, digest.length))
                .all();
        byte[] answer = answer(prove, input);
        return new Octets()
                .text(prove.path("type").asText(prove.has("key") ? "HS_PUBKEY" : "HS_SECKEY"))
                .reference(prove.path("as").asText())
                .bytes(answer)
                .all();
    }

    private static byte[] answer(JsonNode prove, byte[] input) {
        if (prove.has("hex")) {
            return Octets.hex(prove.path("hex").asText());
        }
        String as = prove.path("as").asText();
        if (prove.has("key")) {
            String identity = as.substring(as.indexOf(':') + 1);
            return Keys.signature(prove.path("key").asText(), prove.path("by").asText("SHA-256"), identity, input);
        }
        return Keys.mac(
                prove.path("by").asText("PBKDF2-HMAC-SHA1"),
                prove.path("secret").asText().getBytes(StandardCharsets.UTF_8),
                input,
                prove.path("rounds").asInt(10_000),
                prove.path("keyBits").asInt(160));
    }

    private static byte[] verification(JsonNode verify) {
        byte[] nonce = Octets.hex(verify.path("nonce").asText());
        byte[] digest = Octets.hex(verify.path("digest").asText());
        byte[] input = new Octets().raw(nonce).raw(digest).all();
        return new Octets()
                .reference(verify.path("as").asText())
                .bytes(nonce)
                .bytes(digest)
                .bytes(answer(verify, input))
                .all();
    }
}
