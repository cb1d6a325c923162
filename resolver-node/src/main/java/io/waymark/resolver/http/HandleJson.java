package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Handle records as JSON, in the form of the Handle System's REST API: {@code
 * {"responseCode":1,"handle":…,"values":[{"index":1,"type":"URL","data":{"format":"string","value":…},"ttl":86400,"timestamp":…}]}}.
 */
public final class HandleJson {
    private static final int PERMISSION_DIGITS = 4;

    private HandleJson() {}

    /** The answer to a resolution that found values. */
    public static ObjectNode toJson(String handle, List<HandleValue> values) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("responseCode", ResponseCode.SUCCESS.code());
        answer.put("handle", handle);
        answer.set("values", valuesToJson(values));
        return answer;
    }

    /** The answer to a request that failed; an empty message is left out. */
    public static ObjectNode failureToJson(ResponseCode code, String handle, String message) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("responseCode", code.code());
        if (!message.isEmpty()) {
            answer.put("message", message);
        }
        if (code == ResponseCode.VALUES_NOT_FOUND) {
            answer.putArray("values");
        }
        if (!handle.isEmpty()) {
            answer.put("handle", handle);
        }
        return answer;
    }

    /** The answer that names another service. */
    static ObjectNode referralToJson(Response.Referral referral, String handle) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("responseCode", referral.code().code());
        answer.put("handle", handle);
        answer.put("referralHandle", referral.handle());
        if (!referral.values().isEmpty()) {
            answer.set("values", valuesToJson(referral.values()));
        }
        return answer;
    }

    /** The values alone. */
    public static ArrayNode valuesToJson(List<HandleValue> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
        values.forEach(v -> array.add(valueToJson(v)));
        return array;
    }

    /** One value. */
    public static ObjectNode valueToJson(HandleValue v) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", v.index());
        json.put("type", v.type());
        json.set("data", ValueDataJson.toJson(v.type(), v.data()));
        if (v.permissions() != Permissions.DEFAULT) {
            json.put("permissions", permissionsToText(v.permissions()));
        }
        if (v.ttl().absolute()) {
            json.put("ttl", Instant.ofEpochSecond(v.ttl().seconds()).toString());
        } else {
            json.put("ttl", v.ttl().seconds());
        }
        json.put("timestamp", Instant.ofEpochSecond(v.timestampSeconds()).toString());
        if (!v.references().isEmpty()) {
            json.set("references", ValueDataJson.referencesToJson(v.references()));
        }
        return json;
    }

    /**
     * Reads values from an array of them, an object with a {@code values} array, or a single value.
     *
     * @param clock stamps values that name no time
     * @throws MalformedRecordException naming the place, as in {@code values[2].index must be …}
     */
    public static List<HandleValue> valuesFromJson(JsonNode json, Clock clock) throws MalformedRecordException {
        int nowSeconds = (int) (clock.millis() / 1000);
        JsonNode list = json.isObject() && json.has("values") ? json.get("values") : json;
        if (list.isObject()) {
            return List.of(valueFromJson(new JsonPlace("value", list), nowSeconds));
        }
        if (!list.isArray()) {
            throw new MalformedRecordException("body must be an array of values, an object with \"values\", or one"
                    + " value, but was " + JsonPlace.kindOf(list));
        }
        if (list.size() > HandleValueCodec.MAX_VALUES) {
            throw new MalformedRecordException(
                    "values must be at most " + HandleValueCodec.MAX_VALUES + " but were " + list.size());
        }
        List<HandleValue> values = new ArrayList<>(list.size());
        for (JsonPlace place : new JsonPlace("values", list).elements()) {
            values.add(valueFromJson(place, nowSeconds));
        }
        return values;
    }

    private static HandleValue valueFromJson(JsonPlace value, int nowSeconds) throws MalformedRecordException {
        value.requireObject();
        JsonPlace index = value.required("index");
        int number = index.intIn(1, Integer.MAX_VALUE);
        String type = value.required("type").text();
        byte[] data = ValueDataJson.fromJson(value.required("data"));
        return new HandleValue(
                number,
                type,
                data,
                ttl(value.optional("ttl")),
                timestamp(value.optional("timestamp"), nowSeconds),
                permissions(value.optional("permissions")),
                references(value.optional("references")));
    }

    private static TimeToLive ttl(JsonPlace ttl) throws MalformedRecordException {
        if (ttl.absent()) {
            return TimeToLive.DAY;
        }
        return ttl.isText()
                ? new TimeToLive(true, seconds(ttl))
                : new TimeToLive(false, ttl.intIn(0, Integer.MAX_VALUE));
    }

    private static int timestamp(JsonPlace timestamp, int nowSeconds) throws MalformedRecordException {
        return timestamp.absent() ? nowSeconds : seconds(timestamp);
    }

    private static int seconds(JsonPlace instant) throws MalformedRecordException {
        try {
            return (int) Instant.parse(instant.text()).getEpochSecond();
        } catch (DateTimeParseException e) {
            throw instant.fault("must be a time such as 2026-11-22T08:00:00Z");
        }
    }

    private static int permissions(JsonPlace permissions) throws MalformedRecordException {
        return permissions.absent() ? Permissions.DEFAULT : permissions.binary(PERMISSION_DIGITS);
    }

    private static List<ValueReference> references(JsonPlace references) throws MalformedRecordException {
        return references.absent() ? List.of() : ValueDataJson.referencesFromJson(references);
    }

    private static String permissionsToText(int permissions) {
        return ValueDataJson.binaryText(permissions & 0xf, PERMISSION_DIGITS);
    }
}
