package io.waymark.resolver.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Compares an answer with what the scenario expects, and every answer with what no answer may be. */
final class Judge {
    private record Value(int index, int timestamp, boolean absolute, int ttl, int perms, String type, byte[] data) {}

    private final Message request;
    private final Optional<OpenSession> session;
    private final PublicKey nodeKey;

    Judge(Message request, Optional<OpenSession> session, PublicKey nodeKey) {
        this.request = request;
        this.session = session;
        this.nodeKey = nodeKey;
    }

    /** What is true of every answer. */
    void always(Message answer) {
        assertThat(answer.length()).as("message length").isEqualTo(answer.octets().length - Message.ENVELOPE);
        assertThat(answer.requestId()).as("request id").isEqualTo(request.requestId());
        assertThat(answer.responseCode()).as("response code").isPositive();
        assertThat(answer.expires()).as("expiration").isGreaterThan((int) (System.currentTimeMillis() / 1000));
        assertThat(answer.credential().remaining())
                .as("octets of the credential")
                .isGreaterThanOrEqualTo(4);
        if (answer.responseCode() >= 2 && answer.responseCode() < 400 && answer.responseCode() / 10 != 30) {
            ByteBuffer body = answer.content();
            assertThat(Octets.takeBytes(body)).as("error message").isNotNull();
        }
    }

    void expect(JsonNode expected, Message answer, Wire.Reply reply) {
        expected.properties().forEach(field -> {
            try {
                expect(field.getKey(), field.getValue(), answer, reply);
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    private void expect(String what, JsonNode expected, Message answer, Wire.Reply reply)
            throws GeneralSecurityException {
        switch (what) {
            case "code" ->
                assertThat(answer.responseCode()).as(describe(answer)).isEqualTo(expected.asInt());
            case "codes" -> assertThat(ints(expected)).as(describe(answer)).contains(answer.responseCode());
            case "op" -> assertThat(answer.opCode()).as(what).isEqualTo(Words.operation(expected));
            case "version" ->
                assertThat(Words.version(answer.version())).as(what).isEqualTo(expected.asText());
            case "suggest" ->
                assertThat(Words.version(answer.suggested())).as(what).isEqualTo(expected.asText());
            case "with" -> assertThat(Words.namesOf(answer.flags())).as("flags").containsAll(texts(expected));
            case "without" ->
                assertThat(Words.namesOf(answer.flags())).as("flags").doesNotContainAnyElementsOf(texts(expected));
            case "flags" -> assertThat(answer.flags()).as(what).isEqualTo(Words.flags(expected));
            case "session" -> session(expected, answer);
            case "serial" -> assertThat(answer.serial()).as(what).isEqualTo(expected.asInt());
            case "digest" -> digest(expected.asText(), answer);
            case "signed" -> signed(expected.asText(), answer);
            case "nonce" ->
                assertThat(Octets.takeBytes(answer.content())).as(what).hasSize(expected.asInt());
            case "handle" ->
                assertThat(Octets.takeText(answer.content())).as(what).isEqualTo(expected.asText());
            case "startsWith" ->
                assertThat(Octets.takeText(answer.content()))
                        .as(what)
                        .startsWith(expected.asText())
                        .isNotEqualTo(expected.asText());
            case "message" ->
                assertThat(Octets.takeText(answer.content())).as(what).containsIgnoringCase(expected.asText());
            case "indexes" ->
                assertThat(values(answer).stream().map(Value::index).toList())
                        .as(what)
                        .isEqualTo(ints(expected));
            case "values" -> values(expected, answer);
            case "count" -> assertThat(values(answer)).as(what).hasSize(expected.asInt());
            case "names" -> names(expected, reply);
            case "valid" -> assertThat(answer.content().get() & 1).as(what).isEqualTo(expected.asBoolean() ? 1 : 0);
            case "empty" ->
                assertThat(answer.content().remaining() == 0)
                        .as("body is empty")
                        .isEqualTo(expected.asBoolean());
            case "body" ->
                assertThat(HexFormat.of().formatHex(answer.body()))
                        .as(what)
                        .isEqualTo(HexFormat.of().formatHex(Octets.hex(expected.asText())));
            case "bodyStart" ->
                assertThat(HexFormat.of().formatHex(answer.body()))
                        .as(what)
                        .startsWith(HexFormat.of().formatHex(Octets.hex(expected.asText())));
            case "octets" -> octets(expected, answer);
            case "site" -> SiteBody.expect(expected, answer.content());
            case "messages" -> assertThat(reply.messages().size()).as(what).isGreaterThanOrEqualTo(expected.asInt());
            case "datagrams" -> {
                if (!reply.datagramBytes().isEmpty()) {
                    assertThat(reply.datagramBytes()).as(what).hasSize(expected.asInt());
                    assertThat(reply.datagramBytes().subList(0, expected.asInt() - 1))
                            .allMatch(n -> n == 512);
                }
            }
            case "encrypted" ->
                assertThat(reply.messages().get(0).encrypted()).as(what).isEqualTo(expected.asBoolean());
            default -> throw new AssertionError("an answer has no " + what);
        }
    }

    private static String describe(Message answer) {
        String text = answer.content().remaining() >= 4 && answer.responseCode() != 1 && answer.responseCode() != 402
                ? Octets.takeText(answer.content())
                : "";
        return "code; the answer says: " + text;
    }

    private void session(JsonNode expected, Message answer) {
        switch (expected.asText()) {
            case "positive" -> assertThat(answer.sessionId()).as("session").isPositive();
            case "same" -> assertThat(answer.sessionId()).as("session").isEqualTo(request.sessionId());
            default -> assertThat(answer.sessionId()).as("session").isEqualTo(expected.asInt());
        }
    }

    private void digest(String algorithm, Message answer) throws GeneralSecurityException {
        if (algorithm.equals("none")) {
            assertThat(answer.has("RRDG")).as("flag RRDG").isFalse();
            return;
        }
        byte[] digest = MessageDigest.getInstance(algorithm).digest(request.headerAndBody());
        byte[] expected =
                new Octets().i1(algorithm.equals("SHA-256") ? 3 : 2).raw(digest).all();
        assertThat(HexFormat.of().formatHex(answer.digest()))
                .as("digest of the request")
                .isEqualTo(HexFormat.of().formatHex(expected));
    }

    private void signed(String by, Message answer) throws GeneralSecurityException {
        ByteBuffer credential = answer.credential();
        int length = credential.getInt();
        assertThat(length > 0).as("answer is signed").isEqualTo(!by.equals("no"));
        assertThat(answer.has("CERT")).as("flag CERT").isEqualTo(!by.equals("no"));
        if (length == 0) {
            return;
        }
        credential.getInt();
        Octets.takeBytes(credential);
        int counter = credential.getInt();
        String type = Octets.takeText(credential);
        credential.getInt();
        String digest = Octets.takeText(credential);
        byte[] signature = Octets.takeBytes(credential);
        byte[] covered = covered(answer, counter);
        if (by.equals("session")) {
            assertThat(type).isEqualTo("HS_MAC");
            assertThat(signature).as("MAC").isEqualTo(session.orElseThrow().mac(covered));
            return;
        }
        assertThat(type).isEqualTo("HS_SIGNED");
        assertThat(digest).as("digest of the signature").isEqualTo(by);
        Signature verifier = Signature.getInstance(by.replace("-", "") + "withRSA");
        verifier.initVerify(nodeKey);
        verifier.update(covered);
        assertThat(verifier.verify(signature)).as("signature is the node's").isTrue();
    }

    private static byte[] covered(Message answer, int counter) {
        Octets covered = new Octets();
        if (answer.version() >= 0x0207) {
            covered.i2(answer.version());
            if (answer.version() >= 0x0208) {
                covered.i2(answer.suggested());
            }
            covered.i4(answer.sessionId()).i4(answer.requestId()).i4(counter);
        }
        return covered.raw(answer.headerAndBody()).all();
    }

    /** Every octet but those that are the node's clock: the expiration, and values' timestamps where told. */
    private static void octets(JsonNode expected, Message answer) {
        byte[] wanted = Octets.hex(expected.asText());
        byte[] given = answer.octets().clone();
        assertThat(given).as("length of the answer").hasSameSizeAs(wanted);
        System.arraycopy(wanted, 36, given, 36, 4);
        if (answer.opCode() == 1 && answer.responseCode() == 1) {
            ByteBuffer body = ByteBuffer.wrap(given);
            body.position(Message.ENVELOPE + Message.HEADER);
            Octets.takeBytes(body);
            for (int n = body.getInt(); n > 0; n--) {
                System.arraycopy(wanted, body.position() + 4, given, body.position() + 4, 4);
                value(body);
            }
        }
        assertThat(HexFormat.of().formatHex(given))
                .as("octets")
                .isEqualTo(HexFormat.of().formatHex(wanted));
    }

    // --- bodies

    private static List<Value> values(Message answer) {
        ByteBuffer in = answer.content();
        Octets.takeBytes(in);
        List<Value> values = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            values.add(value(in));
        }
        assertThat(in.remaining()).as("octets behind the values").isZero();
        return values;
    }

    private static Value value(ByteBuffer in) {
        int index = in.getInt();
        int timestamp = in.getInt();
        boolean absolute = in.get() == 1;
        int ttl = in.getInt();
        int perms = in.get();
        Value value = new Value(index, timestamp, absolute, ttl, perms, Octets.takeText(in), Octets.takeBytes(in));
        for (int refs = in.getInt(); refs > 0; refs--) {
            Octets.takeBytes(in);
            in.getInt();
        }
        return value;
    }

    private static void values(JsonNode expected, Message answer) {
        List<Value> values = values(answer);
        assertThat(values).as("values").hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            JsonNode e = expected.get(i);
            Value v = values.get(i);
            assertThat(v.index()).as("index").isEqualTo(e.path("index").asInt(v.index()));
            assertThat(v.type()).as("type").isEqualTo(e.path("type").asText(v.type()));
            assertThat(v.ttl()).as("ttl").isEqualTo(e.path("ttl").asInt(v.ttl()));
            assertThat(v.absolute())
                    .as("absolute ttl")
                    .isEqualTo(e.path("absolute").asBoolean(v.absolute()));
            assertThat(v.perms())
                    .as("permissions")
                    .isEqualTo(e.path("permissions").asInt(v.perms()));
            if (e.has("data")) {
                assertThat(new String(v.data(), StandardCharsets.UTF_8))
                        .isEqualTo(e.path("data").asText());
            }
            if (e.path("timestamp").asText().equals("now")) {
                assertThat((long) v.timestamp())
                        .as("timestamp")
                        .isBetween(System.currentTimeMillis() / 1000 - 60, System.currentTimeMillis() / 1000 + 1);
            }
        }
    }

    private static void names(JsonNode expected, Wire.Reply reply) {
        List<String> names = new ArrayList<>();
        for (Message part : reply.messages()) {
            ByteBuffer in = part.content();
            for (int n = in.getInt(); n > 0; n--) {
                names.add(Octets.takeText(in));
            }
        }
        assertThat(names).as("names").doesNotHaveDuplicates();
        assertThat(names).as("names").containsAll(texts(expected.path("has")));
        for (String absent : texts(expected.path("hasNot"))) {
            assertThat(names).as("names").doesNotContain(absent);
        }
        assertThat(names.size())
                .as("number of names")
                .isGreaterThanOrEqualTo(expected.path("atLeast").asInt(0));
    }

    private static List<Integer> ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
