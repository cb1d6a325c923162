package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.ValueLists;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A value's data as JSON: {@code {"format":…,"value":…}} with formats {@code string}, {@code base64}, {@code hex}, {@code
 * admin}, {@code vlist}, {@code site} and {@code key}. Data that does not obey its type is shown as {@code base64}.
 */
final class ValueDataJson {
    private static final int ADMIN_DIGITS = 12;

    private ValueDataJson() {}

    static ObjectNode toJson(String type, byte[] data) {
        try {
            return byType(Handle.foldAscii(type), data);
        } catch (MalformedRecordException e) {
            return plain(data);
        }
    }

    private static ObjectNode byType(String type, byte[] data) throws MalformedRecordException {
        if (type.equals(AdminRecord.TYPE)) {
            return formatted("admin", adminToJson(AdminRecord.decode(data)));
        }
        if (type.equals("HS_VLIST")) {
            return formatted("vlist", referencesToJson(ValueLists.decode(data)));
        }
        if (type.equals("HS_SITE") || type.startsWith("HS_SITE.") || type.equals("HS_NA_DELEGATE")) {
            return formatted("site", SiteJson.toJson(SiteInfoCodec.decode(data)));
        }
        if (type.equals("HS_PUBKEY")) {
            return formatted("key", KeyJson.toJson(data));
        }
        return plain(data);
    }

    private static ObjectNode plain(byte[] data) {
        String text = readableText(data);
        return text != null
                ? formatted("string", JsonNodeFactory.instance.textNode(text))
                : formatted(
                        "base64",
                        JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(data)));
    }

    private static ObjectNode formatted(String format, JsonNode value) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", format);
        json.set("value", value);
        return json;
    }

    /** The data as text, or null if it is not UTF-8 or has control characters other than white space. */
    static @org.jspecify.annotations.Nullable String readableText(byte[] data) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        boolean readable = text.chars().allMatch(c -> (c >= 0x20 && c != 0x7f) || c == '\n' || c == '\r' || c == '\t');
        return readable ? text : null;
    }

    static byte[] fromJson(JsonPlace data) throws MalformedRecordException {
        if (data.isText()) {
            return data.text().getBytes(StandardCharsets.UTF_8);
        }
        data.requireObject();
        JsonPlace format = data.required("format");
        JsonPlace value = data.required("value");
        return switch (format.text()) {
            case "string" -> value.text().getBytes(StandardCharsets.UTF_8);
            case "base64" -> base64(value);
            case "hex" -> hex(value);
            case "admin" -> adminFromJson(value).encode();
            case "vlist" -> ValueLists.encode(referencesFromJson(value));
            case "site" -> SiteInfoCodec.encode(SiteJson.fromJson(value));
            case "key" -> KeyJson.fromJson(value);
            default -> throw format.fault("must be one of string, base64, hex, admin, vlist, site, key");
        };
    }

    private static byte[] base64(JsonPlace value) throws MalformedRecordException {
        try {
            return Base64.getDecoder().decode(value.text());
        } catch (IllegalArgumentException e) {
            throw value.fault("must be base64");
        }
    }

    private static byte[] hex(JsonPlace value) throws MalformedRecordException {
        try {
            return HexFormat.of().parseHex(value.text());
        } catch (IllegalArgumentException e) {
            throw value.fault("must be an even number of hexadecimal digits");
        }
    }

    private static ObjectNode adminToJson(AdminRecord admin) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("handle", admin.handle());
        json.put("index", admin.index());
        json.put("permissions", binaryText(admin.permissions() & AdminRecord.ALL, ADMIN_DIGITS));
        return json;
    }

    private static AdminRecord adminFromJson(JsonPlace json) throws MalformedRecordException {
        json.requireObject();
        return new AdminRecord(
                json.required("permissions").binary(ADMIN_DIGITS),
                json.required("handle").text(),
                json.required("index").intIn(0, Integer.MAX_VALUE));
    }

    static ArrayNode referencesToJson(List<ValueReference> references) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (ValueReference r : references) {
            array.addObject().put("handle", r.handle()).put("index", r.index());
        }
        return array;
    }

    static List<ValueReference> referencesFromJson(JsonPlace json) throws MalformedRecordException {
        List<ValueReference> references = new ArrayList<>();
        for (JsonPlace element : json.elements()) {
            element.requireObject();
            references.add(new ValueReference(
                    element.required("handle").text(), element.required("index").intIn(0, Integer.MAX_VALUE)));
        }
        return references;
    }

    /** The lowest bits as binary digits. */
    static String binaryText(int bits, int digits) {
        String text = Integer.toBinaryString(bits);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
