package io.waymark.resolver.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.signature.Claims.Digest;
import io.waymark.resolver.signature.Claims.Digests;
import io.waymark.resolver.signature.Claims.Life;
import io.waymark.resolver.signature.Claims.Permission;
import io.waymark.resolver.signature.Claims.Scope;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Claims as Handle System software writes them. Members it does not know are passed over. */
final class ClaimsJson {
    private static final int MAX_LIST = 100;
    private static final int MAX_ALGORITHM = 20;

    private ClaimsJson() {}

    static byte[] encode(Claims claims) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!claims.permissions().isEmpty()) {
            ArrayNode permissions = json.putArray("perms");
            claims.permissions()
                    .forEach(p -> permissions
                            .addObject()
                            .put("handle", p.handle())
                            .put("perm", p.scope().word()));
        }
        claims.digests().ifPresent(d -> encode(d, json.putObject("digests")));
        if (!claims.chain().isEmpty()) {
            ArrayNode chain = json.putArray("chain");
            claims.chain().forEach(link -> chain.add(text(link)));
        }
        claims.publicKey().ifPresent(key -> json.set("publicKey", PublicKeys.toJson(key)));
        json.put("iss", text(claims.issuer()));
        json.put("sub", claims.subject());
        claims.life().expires().ifPresent(t -> json.put("exp", t));
        claims.life().notBefore().ifPresent(t -> json.put("nbf", t));
        claims.life().issuedAt().ifPresent(t -> json.put("iat", t));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void encode(Digests digests, ObjectNode json) {
        json.put("alg", digests.algorithm());
        ArrayNode values = json.putArray("digests");
        digests.values().forEach(d -> values.addObject().put("index", d.index()).put("digest", d.base64()));
    }

    /** {@code index:handle}. */
    static String text(ValueReference reference) {
        return reference.index() == 0 ? reference.handle() : reference.index() + ":" + reference.handle();
    }

    static Claims decode(byte[] payload) throws MalformedSignatureException {
        JsonNode json = StrictJson.object(payload, "payload");
        return new Claims(
                reference(text(json, "iss")),
                text(json, "sub"),
                digests(json.path("digests")),
                permissions(json.path("perms")),
                chain(json.path("chain")),
                publicKey(json.path("publicKey")),
                new Life(time(json, "iat"), time(json, "nbf"), time(json, "exp")));
    }

    private static String text(JsonNode json, String name) throws MalformedSignatureException {
        JsonNode text = json.path(name);
        if (!text.isTextual() || text.textValue().length() > Handle.MAX_BYTES) {
            throw new MalformedSignatureException(name + " must be a string of at most " + Handle.MAX_BYTES);
        }
        return text.textValue();
    }

    /** {@code 300:0.NA/88.118.8}; without an index it is 0, which stands for any. */
    static ValueReference reference(String text) {
        int colon = text.indexOf(':');
        String index = colon < 0 ? "" : text.substring(0, colon);
        return index.matches("[0-9]{1,9}")
                ? new ValueReference(text.substring(colon + 1), Integer.parseInt(index))
                : new ValueReference(text, 0);
    }

    private static Optional<Digests> digests(JsonNode json) throws MalformedSignatureException {
        if (absent(json)) {
            return Optional.empty();
        }
        String algorithm = text(json, "alg");
        if (algorithm.length() > MAX_ALGORITHM) {
            throw new MalformedSignatureException("digests.alg is no algorithm");
        }
        List<Digest> values = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (JsonNode value : array(json.path("digests"), "digests", HandleValueCodec.MAX_VALUES)) {
            JsonNode index = value.path("index");
            if (!index.isInt() || !seen.add(index.intValue())) {
                throw new MalformedSignatureException("digests must have different indexes");
            }
            values.add(new Digest(index.intValue(), text(value, "digest")));
        }
        return Optional.of(new Digests(algorithm, values));
    }

    private static List<Permission> permissions(JsonNode json) throws MalformedSignatureException {
        List<Permission> permissions = new ArrayList<>();
        for (JsonNode permission : array(json, "perms", MAX_LIST)) {
            String word = permission.path("perm").asText("");
            String handle = permission.path("handle").asText("");
            for (Scope scope : Scope.values()) {
                if (scope.word().equals(word)) {
                    permissions.add(new Permission(scope, handle));
                }
            }
        }
        return permissions;
    }

    private static List<ValueReference> chain(JsonNode json) throws MalformedSignatureException {
        List<ValueReference> chain = new ArrayList<>();
        for (JsonNode link : array(json, "chain", MAX_LIST)) {
            chain.add(reference(link.asText("")));
        }
        return chain;
    }

    private static Optional<PublicKey> publicKey(JsonNode json) throws MalformedSignatureException {
        return absent(json) ? Optional.empty() : Optional.of(PublicKeys.fromJson(json));
    }

    private static Optional<Long> time(JsonNode json, String name) throws MalformedSignatureException {
        JsonNode time = json.path(name);
        if (absent(time)) {
            return Optional.empty();
        }
        if (!time.isIntegralNumber() || !time.canConvertToLong()) {
            throw new MalformedSignatureException(name + " must be seconds since 1970");
        }
        return Optional.of(time.longValue());
    }

    private static JsonNode array(JsonNode json, String name, int max) throws MalformedSignatureException {
        if (absent(json)) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (!json.isArray() || json.size() > max) {
            throw new MalformedSignatureException(name + " must be an array of at most " + max);
        }
        return json;
    }

    private static boolean absent(JsonNode json) {
        return json.isMissingNode() || json.isNull();
    }
}
