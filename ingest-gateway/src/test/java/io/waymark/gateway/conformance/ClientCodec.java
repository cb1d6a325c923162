package io.waymark.gateway.conformance;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Packets as a client writes and reads them. Writes whatever it is told, legal or not. */
final class ClientCodec {
    private static final List<String> TYPES = List.of(
            "none",
            "connect",
            "connack",
            "publish",
            "puback",
            "pubrec",
            "pubrel",
            "pubcomp",
            "subscribe",
            "suback",
            "unsubscribe",
            "unsuback",
            "pingreq",
            "pingresp",
            "disconnect",
            "auth");

    private final int level;

    /** @param level 3, 4 or 5 */
    ClientCodec(int level) {
        this.level = level;
    }

    private boolean five() {
        return level >= 5;
    }

    // ---- out

    byte[] encode(Fields packet) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        int type = TYPES.indexOf(packet.type());
        int flags = switch (packet.type()) {
            case "pubrel", "subscribe", "unsubscribe" -> 2;
            default -> 0;
        };
        switch (packet.type()) {
            case "connect" -> connect(packet, out);
            case "publish" -> flags = publish(packet, out);
            case "puback", "pubrec", "pubrel", "pubcomp" -> {
                out.writeShort(packet.number("id", 1));
                reason(packet, out);
            }
            case "subscribe", "unsubscribe" -> filters(packet, out);
            case "disconnect", "auth" -> reason(packet, out);
            case "pingreq" -> {}
            default -> throw new AssertionError("a client does not send " + packet.type());
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(type << 4 | packet.number("flags", flags));
        varint(body.size(), whole);
        body.writeTo(whole);
        return whole.toByteArray();
    }

    private void connect(Fields c, DataOutputStream out) throws IOException {
        out.writeUTF(c.get("name", level == 3 ? "MQIsdp" : "MQTT"));
        out.write(level);
        boolean will = c.has("will.topic");
        int flags = (c.has("user") && !c.get("user", "").contains(":") ? 0x80 : 0)
                | (c.has("password") ? 0x40 : 0)
                | (c.number("will.retain", 0) << 5)
                | (c.number("will.qos", 0) << 3)
                | (will ? 4 : 0)
                | (c.number("clean", 1) << 1);
        out.write(c.number("connect-flags", flags));
        out.writeShort(c.number("keep-alive", 60));
        properties(c, "", out);
        text(c.get("id", ""), out);
        if (will) {
            properties(c, "will.", out);
            text(c.get("will.topic", ""), out);
            binary(octets(c.get("will.payload", "")), out);
        }
        if ((flags & 0x80) != 0) {
            text(c.get("user", ""), out);
        }
        if ((flags & 0x40) != 0) {
            binary(octets(c.get("password", "")), out);
        }
    }

    private int publish(Fields p, DataOutputStream out) throws IOException {
        text(p.get("topic", ""), out);
        int qos = p.number("qos", 0);
        if (qos > 0) {
            out.writeShort(p.number("id", 1));
        }
        properties(p, "", out);
        out.write(octets(p.get("payload", "")));
        return p.number("dup", 0) << 3 | qos << 1 | p.number("retain", 0);
    }

    private void reason(Fields p, DataOutputStream out) throws IOException {
        if (five() && (p.has("code") || hasProperties(p))) {
            out.write(Integer.parseInt(p.get("code", "00"), 16));
            if (hasProperties(p)) {
                properties(p, "", out);
            }
        }
    }

    private void filters(Fields p, DataOutputStream out) throws IOException {
        out.writeShort(p.number("id", 1));
        properties(p, "", out);
        for (String filter : p.all("filter")) {
            text(filter, out);
            if (p.type().equals("subscribe")) {
                out.write(p.number("options", p.number("qos", 0))
                        | p.number("no-local", 0) << 2
                        | p.number("rap", 0) << 3
                        | p.number("rh", 0) << 4);
            }
        }
    }

    private static boolean hasProperties(Fields p) {
        for (Property property : Property.values()) {
            if (p.has(property.key())) {
                return true;
            }
        }
        return false;
    }

    private void properties(Fields p, String prefix, DataOutputStream out) throws IOException {
        if (!five()) {
            return;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        DataOutputStream each = new DataOutputStream(octets);
        for (Property property : Property.values()) {
            for (String value : p.all(prefix + property.key())) {
                if (property != Property.USER || value.contains(":")) {
                    each.write(property.id);
                    property(property, value, each);
                }
            }
        }
        varint(octets.size(), out);
        octets.writeTo(out);
    }

    private static void property(Property property, String value, DataOutputStream out) throws IOException {
        switch (property.type) {
            case U8 -> out.write(Integer.decode(value));
            case U16 -> out.writeShort(Integer.decode(value));
            case U32 -> out.writeInt((int) (long) Long.decode(value));
            case VARINT -> varint(Integer.decode(value), out);
            case TEXT -> text(value, out);
            case BINARY -> binary(octets(value), out);
            case PAIR -> {
                text(value.substring(0, value.indexOf(':')), out);
                text(value.substring(value.indexOf(':') + 1), out);
            }
        }
    }

    private static void varint(int value, java.io.OutputStream out) throws IOException {
        int rest = value;
        while (rest >= 128) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        binary(octets(text), out);
    }

    private static void binary(byte[] octets, DataOutputStream out) throws IOException {
        out.writeShort(octets.length);
        out.write(octets);
    }

    /** {@code 0x…} is octets, {@code size:n} so many of them, anything else text. */
    private static byte[] octets(String value) {
        if (value.startsWith("0x")) {
            return HexFormat.of().parseHex(value.substring(2));
        }
        if (value.startsWith("size:")) {
            return "x".repeat(Integer.parseInt(value.substring(5))).getBytes(StandardCharsets.UTF_8);
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    // ---- in

    Fields decode(byte[] packet) {
        ByteBuffer in = ByteBuffer.wrap(packet);
        int first = in.get() & 0xFF;
        int length = varint(in);
        if (length != in.remaining()) {
            throw new AssertionError(
                    "remaining length " + length + " of " + HexFormat.of().formatHex(packet));
        }
        Fields fields = Fields.of(TYPES.get(first >> 4));
        switch (fields.type()) {
            case "connack" -> {
                fields.add("present", in.get());
                code(fields, in);
                properties(fields, in);
            }
            case "publish" -> publish(fields, first & 0xF, in);
            case "puback", "pubrec", "pubrel", "pubcomp" -> {
                fields.add("id", in.getShort() & 0xFFFF);
                codeIfAny(fields, in);
            }
            case "suback", "unsuback" -> codes(fields, in);
            case "disconnect", "auth" -> codeIfAny(fields, in);
            case "pingresp" -> {}
            default -> throw new AssertionError("a server does not send " + fields);
        }
        if (in.hasRemaining()) {
            throw new AssertionError(in.remaining() + " octets too many behind " + fields);
        }
        return fields;
    }

    private void publish(Fields fields, int flags, ByteBuffer in) {
        fields.add("dup", flags >> 3);
        fields.add("qos", flags >> 1 & 3);
        fields.add("retain", flags & 1);
        fields.add("topic", text(in));
        if ((flags >> 1 & 3) > 0) {
            fields.add("id", in.getShort() & 0xFFFF);
        }
        properties(fields, in);
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        fields.add("payload", new String(rest, StandardCharsets.UTF_8));
    }

    private void codes(Fields fields, ByteBuffer in) {
        fields.add("id", in.getShort() & 0xFFFF);
        properties(fields, in);
        StringBuilder codes = new StringBuilder();
        while (in.hasRemaining()) {
            codes.append(codes.length() == 0 ? "" : ",").append(hex(in.get()));
        }
        fields.add("codes", codes);
    }

    private void codeIfAny(Fields fields, ByteBuffer in) {
        if (!in.hasRemaining()) {
            fields.add("code", "00");
            return;
        }
        code(fields, in);
        if (in.hasRemaining()) {
            properties(fields, in);
        }
    }

    private static void code(Fields fields, ByteBuffer in) {
        fields.add("code", hex(in.get()));
    }

    private static String hex(byte octet) {
        return HexFormat.of().toHexDigits(octet);
    }

    private void properties(Fields fields, ByteBuffer in) {
        if (!five()) {
            return;
        }
        int length = varint(in);
        int end = in.position() + length;
        while (in.position() < end) {
            Property property = Property.ofId(varint(in));
            fields.add(property.key(), value(property, in));
        }
    }

    private static Object value(Property property, ByteBuffer in) {
        return switch (property.type) {
            case U8 -> in.get() & 0xFF;
            case U16 -> in.getShort() & 0xFFFF;
            case U32 -> in.getInt() & 0xFFFF_FFFFL;
            case VARINT -> varint(in);
            case TEXT, BINARY -> text(in);
            case PAIR -> text(in) + ":" + text(in);
        };
    }

    private static String text(ByteBuffer in) {
        byte[] octets = new byte[in.getShort() & 0xFFFF];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        int octet;
        do {
            octet = in.get();
            value |= (octet & 0x7F) << shift;
            shift += 7;
        } while (octet < 0);
        return value;
    }
}
