package io.waymark.resolver.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.admin.HandleKeys;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * Public keys in {@code HS_PUBKEY} values and in certificates. RSA of {@value #BITS_MIN} … {@value #BITS_MAX} bits, and DSA
 * with a prime of that size.
 *
 * @see "RFC 7517 JSON Web Key; kty DSA is the Handle System's own"
 */
final class PublicKeys {
    private static final int BITS_MIN = 1024;
    private static final int BITS_MAX = 8192;

    private PublicKeys() {}

    static PublicKey fromHandle(byte[] data) throws MalformedSignatureException {
        HandleKeys.Key key;
        try {
            key = HandleKeys.decode(data);
        } catch (MalformedRecordException e) {
            throw new MalformedSignatureException("value is no public key: " + e.getMessage());
        }
        List<BigInteger> n = key.numbers();
        if (key.algorithm().equals(HandleKeys.RSA) && n.size() == 2) {
            return rsa(n.get(0), n.get(1));
        }
        if (key.algorithm().equals(HandleKeys.DSA) && n.size() == 4) {
            return dsa(n.get(3), n.get(1), n.get(0), n.get(2));
        }
        throw new MalformedSignatureException("keys of algorithm " + key.algorithm() + " are not verified here");
    }

    static PublicKey fromJson(JsonNode json) throws MalformedSignatureException {
        return switch (json.path("kty").asText("")) {
            case "RSA" -> rsa(number(json, "e"), number(json, "n"));
            case "DSA" -> dsa(number(json, "y"), number(json, "p"), number(json, "q"), number(json, "g"));
            default -> throw new MalformedSignatureException("kty must be RSA or DSA");
        };
    }

    static ObjectNode toJson(PublicKey key) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (key instanceof RSAPublicKey rsa) {
            return json.put("kty", "RSA").put("n", text(rsa.getModulus())).put("e", text(rsa.getPublicExponent()));
        }
        DSAPublicKey dsa = (DSAPublicKey) key;
        return json.put("kty", "DSA")
                .put("y", text(dsa.getY()))
                .put("p", text(dsa.getParams().getP()))
                .put("q", text(dsa.getParams().getQ()))
                .put("g", text(dsa.getParams().getG()));
    }

    private static PublicKey rsa(BigInteger exponent, BigInteger modulus) throws MalformedSignatureException {
        refuseOtherSizes(modulus);
        refuseOtherSizes(exponent, 2, 64);
        return key("RSA", new RSAPublicKeySpec(modulus, exponent));
    }

    private static PublicKey dsa(BigInteger y, BigInteger p, BigInteger q, BigInteger g)
            throws MalformedSignatureException {
        refuseOtherSizes(p);
        refuseOtherSizes(q, 160, 256);
        refuseOtherSizes(y, 1, p.bitLength());
        refuseOtherSizes(g, 1, p.bitLength());
        return key("DSA", new DSAPublicKeySpec(y, p, q, g));
    }

    private static void refuseOtherSizes(BigInteger number) throws MalformedSignatureException {
        refuseOtherSizes(number, BITS_MIN, BITS_MAX);
    }

    private static void refuseOtherSizes(BigInteger number, int min, int max) throws MalformedSignatureException {
        if (number.signum() <= 0 || number.bitLength() < min || number.bitLength() > max) {
            throw new MalformedSignatureException(
                    "a number of the key must have " + min + ".." + max + " bits but had " + number.bitLength());
        }
    }

    private static PublicKey key(String algorithm, KeySpec spec) throws MalformedSignatureException {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new MalformedSignatureException("these numbers are no " + algorithm + " key");
        }
    }

    private static BigInteger number(JsonNode json, String name) throws MalformedSignatureException {
        try {
            byte[] octets = Base64.getUrlDecoder().decode(json.path(name).asText(""));
            return new BigInteger(1, octets);
        } catch (IllegalArgumentException e) {
            throw new MalformedSignatureException(name + " of the key is no base64url");
        }
    }

    /** Unsigned, without the sign octet of Java's form. */
    private static String text(BigInteger number) {
        byte[] octets = number.toByteArray();
        int from = octets.length > 1 && octets[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(octets, from, octets.length));
    }
}
