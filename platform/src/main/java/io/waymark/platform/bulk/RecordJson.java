package io.waymark.platform.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.Permissions;
import io.waymark.resolver.admin.Registration;
import io.waymark.resolver.http.HandleJson;
import java.time.Clock;
import java.util.List;

/** Records as one JSON object each, in the values' Handle JSON form: the line format of import and export. */
public final class RecordJson {
    private RecordJson() {}

    /** {@code {"handle":…,"values":[…]}}. */
    public static ObjectNode toJson(Handle handle, List<HandleValue> values) {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("handle", handle.text());
        line.set("values", HandleJson.valuesToJson(values));
        return line;
    }

    /**
     * Reads {@code {"handle":…,"values":[…],"overwrite":true}}; overwrite may be absent.
     *
     * @throws MalformedIdentifierException if the handle is none
     * @throws MalformedRecordException if the object or a value is none
     */
    public static Registration fromJson(JsonNode line, Clock clock)
            throws MalformedIdentifierException, MalformedRecordException {
        if (!line.path("handle").isTextual() || !line.path("values").isArray()) {
            throw new MalformedRecordException("must be an object with \"handle\" and an array of \"values\"");
        }
        return new Registration(
                Handle.parse(line.path("handle").textValue()),
                HandleJson.valuesFromJson(line, clock),
                line.path("overwrite").asBoolean(true));
    }

    /** Values anybody may read. */
    public static List<HandleValue> publicOnly(List<HandleValue> values) {
        return readable(values, Permissions.PUBLIC_READ);
    }

    /** Values an administrator may read: secrets too, unless nobody may read them. */
    public static List<HandleValue> forOperator(List<HandleValue> values) {
        return readable(values, Permissions.PUBLIC_READ | Permissions.ADMIN_READ);
    }

    private static List<HandleValue> readable(List<HandleValue> values, int anyOf) {
        return values.stream().filter(v -> (v.permissions() & anyOf) != 0).toList();
    }
}
