package io.waymark.resolver.access;

import io.waymark.identifier.MalformedIdentifierException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an {@code Authorization} header.
 *
 * <pre>
 * Bearer TOKEN
 * Basic base64(percent-encoded index:handle ":" secret)
 * Handle sessionId="…"
 * Handle sessionId="…", id="300:88.118.8/ADMIN", type="HS_SECKEY", cnonce="…", alg="SHA256", signature="…"
 * Handle clientCert="true"
 * </pre>
 *
 * @see "RFC 9110 §11.4 Credentials, RFC 7617 Basic"
 */
final class AuthorizationHeader {
    private static final int PARAMETERS_MAX = 20;

    private AuthorizationHeader() {}

    /** @throws MalformedAuthorizationException saying what is wrong, without quoting secrets */
    static Authorization parse(String header) throws MalformedAuthorizationException {
        if (header.isBlank()) {
            return new Authorization.None();
        }
        String text = header.strip();
        int space = text.indexOf(' ');
        String scheme = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space + 1).strip();
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "bearer" -> new Authorization.Bearer(rest);
            case "basic" -> basic(rest);
            case "handle" -> handle(parameters(rest));
            default ->
                throw new MalformedAuthorizationException("Authorization must be Basic, Handle or Bearer but was "
                        + scheme.substring(0, Math.min(scheme.length(), 20)));
        };
    }

    private static Authorization basic(String credentials) throws MalformedAuthorizationException {
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(credentials);
        } catch (IllegalArgumentException e) {
            throw new MalformedAuthorizationException("Basic credentials must be base64");
        }
        int colon = indexOf(octets, ':');
        if (colon < 0) {
            throw new MalformedAuthorizationException("Basic credentials have no ':' between user and secret");
        }
        String user = new String(octets, 0, colon, StandardCharsets.UTF_8);
        try {
            return new Authorization.Basic(
                    Identities.parse(user), Arrays.copyOfRange(octets, colon + 1, octets.length));
        } catch (MalformedIdentifierException e) {
            throw new MalformedAuthorizationException(
                    "Basic user: " + e.getMessage() + (user.indexOf('%') < 0 ? "; write its colon as %3A" : ""));
        }
    }

    private static int indexOf(byte[] octets, char wanted) {
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static Authorization handle(Map<String, String> parameters) throws MalformedAuthorizationException {
        String certificate = parameters.getOrDefault("clientcert", "");
        if (certificate.equalsIgnoreCase("true") || certificate.equalsIgnoreCase("yes")) {
            return new Authorization.ByCertificate();
        }
        String session = parameters.get("sessionid");
        if (session == null) {
            throw new MalformedAuthorizationException("Handle credentials need sessionId, or clientCert=\"true\"");
        }
        String id = parameters.get("id");
        if (id == null) {
            return new Authorization.InSession(session);
        }
        try {
            Proof proof = Proof.of(
                    parameters.getOrDefault("type", ""),
                    name -> Optional.ofNullable(parameters.get(name.toLowerCase(Locale.ROOT))));
            return new Authorization.Proven(session, Identities.parse(id), proof);
        } catch (Proof.Wrong | MalformedIdentifierException e) {
            throw new MalformedAuthorizationException("Handle credentials: " + e.getMessage());
        }
    }

    /** {@code name=token} or {@code name="quoted"}, separated by commas; names in lower case. */
    static Map<String, String> parameters(String text) throws MalformedAuthorizationException {
        Map<String, String> parameters = new HashMap<>();
        int at = 0;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0 || parameters.size() == PARAMETERS_MAX) {
                throw new MalformedAuthorizationException("Handle credentials must be at most " + PARAMETERS_MAX
                        + " name=\"value\", with commas between");
            }
            String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            int end = isQuoteAt(text, equals + 1) ? quoted(text, equals + 2, value) : token(text, equals + 1, value);
            parameters.put(name, value.toString());
            at = afterComma(text, end);
        }
        return parameters;
    }

    private static boolean isQuoteAt(String text, int at) {
        return at < text.length() && text.charAt(at) == '"';
    }

    private static int quoted(String text, int from, StringBuilder value) throws MalformedAuthorizationException {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                value.append(text.charAt(i));
            } else {
                value.append(c);
            }
        }
        throw new MalformedAuthorizationException("Handle credentials have a quotation mark that is not closed");
    }

    private static int token(String text, int from, StringBuilder value) {
        int comma = text.indexOf(',', from);
        int end = comma < 0 ? text.length() : comma;
        value.append(text.substring(from, end).strip());
        return end;
    }

    private static int afterComma(String text, int end) throws MalformedAuthorizationException {
        int at = end;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (at < text.length() && text.charAt(at) != ',') {
            throw new MalformedAuthorizationException("Handle credentials need commas between their parts");
        }
        at++;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
