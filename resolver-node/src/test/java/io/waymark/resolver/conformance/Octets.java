package io.waymark.resolver.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes the protocol's building blocks, from the standard and not from the node's code. */
final class Octets {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("#[^\\n]*|\\s+", ""));
    }

    Octets i1(int n) {
        out.write(n);
        return this;
    }

    Octets i2(int n) {
        return i1(n >> 8).i1(n);
    }

    Octets i4(int n) {
        return i2(n >>> 16).i2(n);
    }

    Octets raw(byte[] octets) {
        out.writeBytes(octets);
        return this;
    }

    Octets bytes(byte[] octets) {
        return i4(octets.length).raw(octets);
    }

    Octets text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    Octets number(BigInteger n) {
        return bytes(n.toByteArray());
    }

    /** {@code index:handle} as handle and index. */
    Octets reference(String reference) {
        int colon = reference.indexOf(':');
        return text(reference.substring(colon + 1)).i4(Integer.parseInt(reference.substring(0, colon)));
    }

    Octets value(JsonNode v) {
        JsonNode ttl = v.path("ttl");
        i4(v.path("index").asInt()).i4(v.path("timestamp").asInt());
        i1(ttl.path("absolute").asBoolean() ? 1 : 0)
                .i4(ttl.isObject() ? ttl.path("seconds").asInt() : ttl.asInt(86_400));
        i1(v.path("permissions").asInt(0x0e)).text(v.path("type").asText()).bytes(data(v));
        i4(v.path("references").size());
        v.path("references").forEach(r -> reference(r.asText()));
        return this;
    }

    static byte[] data(JsonNode v) {
        if (v.has("hex")) {
            return hex(v.path("hex").asText());
        }
        if (v.has("admin")) {
            JsonNode admin = v.path("admin");
            return new Octets()
                    .i2(admin.path("permissions").asInt(0xfff))
                    .reference(admin.path("who").asText())
                    .all();
        }
        if (v.has("list")) {
            Octets list = new Octets().i4(v.path("list").size());
            v.path("list").forEach(r -> list.reference(r.asText()));
            return list.all();
        }
        if (v.has("key")) {
            return Keys.publicKey(v.path("key").asText(), v.path("encoding").asText("cnri"));
        }
        int times = v.path("times").asInt(1);
        return v.path("data").asText().repeat(times).getBytes(StandardCharsets.UTF_8);
    }

    byte[] all() {
        return out.toByteArray();
    }

    static ByteBuffer read(byte[] octets) {
        return ByteBuffer.wrap(octets);
    }

    static byte[] take(ByteBuffer in, int count) {
        byte[] octets = new byte[count];
        in.get(octets);
        return octets;
    }

    static byte[] takeBytes(ByteBuffer in) {
        return take(in, in.getInt());
    }

    static String takeText(ByteBuffer in) {
        return new String(takeBytes(in), StandardCharsets.UTF_8);
    }
}
