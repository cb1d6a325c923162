package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Map;

/**
 * The proof that a client holds the private key to an {@code HS_PUBKEY} value: {@code utf8 digest algorithm, bytes
 * signature} over nonce ‖ digest of the request challenged. RSA.
 *
 * @see "RFC 3652 §3.5.2 Challenge-Response"
 */
public final class PublicKeyProof {
    private static final int MODULUS_BITS_MIN = 1024;
    private static final int MODULUS_BITS_MAX = 8192;
    private static final int ALGORITHM_BYTES_MAX = 64;
    private static final Map<String, String> SIGNATURES = Map.of(
            "SHA-256", "SHA256withRSA",
            "SHA256", "SHA256withRSA",
            "SHA-1", "SHA1withRSA",
            "SHA1", "SHA1withRSA");

    private PublicKeyProof() {}

    /**
     * Judges a proof.
     *
     * @param proof as the client sent it
     * @param publicKey the data of the HS_PUBKEY value
     * @param input nonce and request digest
     * @return SUCCESS, AUTHENTICATION_FAILED if it is wrong, INVALID_CREDENTIAL if it cannot be checked
     */
    public static ResponseCode judge(byte[] proof, byte[] publicKey, byte[] input, String identityHandle) {
        ByteBuffer in = ByteBuffer.wrap(proof);
        byte[] algorithm = bytes(in, ALGORITHM_BYTES_MAX);
        byte[] signature = bytes(in, MODULUS_BITS_MAX / 8);
        String jcaName = SIGNATURES.get(new String(algorithm, StandardCharsets.US_ASCII));
        if (jcaName == null || signature.length == 0) {
            return ResponseCode.INVALID_CREDENTIAL;
        }
        try {
            Signature verifier = Signature.getInstance(jcaName);
            verifier.initVerify(rsa(HandleKeys.decode(publicKey)));
            verifier.update(input);
            return verifier.verify(signature) ? ResponseCode.SUCCESS : ResponseCode.AUTHENTICATION_FAILED;
        } catch (MalformedRecordException | GeneralSecurityException e) {
            return ResponseCode.INVALID_CREDENTIAL;
        }
    }

    private static PublicKey rsa(HandleKeys.Key key) throws MalformedRecordException, GeneralSecurityException {
        boolean usable = key.algorithm().equals(HandleKeys.RSA)
                && key.numbers().size() == 2
                && key.numbers().get(1).bitLength() >= MODULUS_BITS_MIN
                && key.numbers().get(1).bitLength() <= MODULUS_BITS_MAX;
        if (!usable) {
            throw new MalformedRecordException("key is no RSA key of " + MODULUS_BITS_MIN + ".." + MODULUS_BITS_MAX
                    + " bits but " + key.algorithm());
        }
        return KeyFactory.getInstance("RSA")
                .generatePublic(
                        new RSAPublicKeySpec(key.numbers().get(1), key.numbers().get(0)));
    }

    /** Nothing if it is cut short or too long. */
    private static byte[] bytes(ByteBuffer in, int max) {
        int length = in.remaining() < 4 ? -1 : in.getInt();
        if (length < 0 || length > max || length > in.remaining()) {
            return new byte[0];
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }
}
