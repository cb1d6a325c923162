package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.admin.HandleKeys;
import java.math.BigInteger;
import java.util.Base64;

/** RSA public keys as JSON Web Keys (RFC 7517). Keys of other kinds are shown as their octets. */
final class KeyJson {
    private KeyJson() {}

    static ObjectNode toJson(byte[] octets) throws MalformedRecordException {
        HandleKeys.Key key = HandleKeys.decode(octets);
        if (!key.algorithm().equals(HandleKeys.RSA) || key.numbers().size() != 2) {
            throw new MalformedRecordException("key of algorithm " + key.algorithm() + " has no JSON form here");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kty", "RSA");
        json.put("n", base64(key.numbers().get(1)));
        json.put("e", base64(key.numbers().get(0)));
        return json;
    }

    static byte[] fromJson(JsonPlace json) throws MalformedRecordException {
        json.requireObject();
        JsonPlace kind = json.required("kty");
        if (!kind.text().equals("RSA")) {
            throw kind.fault("must be RSA");
        }
        return HandleKeys.encode(HandleKeys.RSA, number(json.required("e")), number(json.required("n")));
    }

    /** Unsigned, without the sign octet of Java's form. */
    private static String base64(BigInteger number) {
        byte[] octets = number.toByteArray();
        int from = octets.length > 1 && octets[0] == 0 ? 1 : 0;
        byte[] unsigned = java.util.Arrays.copyOfRange(octets, from, octets.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(unsigned);
    }

    private static BigInteger number(JsonPlace place) throws MalformedRecordException {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(place.text()));
        } catch (IllegalArgumentException e) {
            throw place.fault("must be base64url");
        }
    }
}
