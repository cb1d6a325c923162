package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;

/**
 * The proof that a client holds the private key to an {@code HS_PUBKEY} value: {@code utf8 digest algorithm, bytes
 * signature} over nonce ‖ digest of the request challenged. RSA, DSA, EC and SM2.
 *
 * @see "RFC 3652 §3.5.2 Challenge-Response"
 */
public final class PublicKeyProof {
    private static final int SIGNATURE_BYTES_MAX = 1024;
    private static final int ALGORITHM_BYTES_MAX = 64;

    private PublicKeyProof() {}

    /**
     * Judges a proof.
     *
     * @param proof as the client sent it
     * @param publicKey the data of the HS_PUBKEY value
     * @param input nonce and request digest
     * @param identityHandle the handle that holds the key, as the client wrote it
     * @return SUCCESS, AUTHENTICATION_FAILED if it is wrong, INVALID_CREDENTIAL if it cannot be checked
     */
    public static ResponseCode judge(byte[] proof, byte[] publicKey, byte[] input, String identityHandle) {
        ByteBuffer in = ByteBuffer.wrap(proof);
        String digest = new String(bytes(in, ALGORITHM_BYTES_MAX), StandardCharsets.US_ASCII);
        byte[] signature = bytes(in, SIGNATURE_BYTES_MAX);
        if (signature.length == 0) {
            return ResponseCode.INVALID_CREDENTIAL;
        }
        try {
            return ProofKey.decode(publicKey)
                    .verify(digest, input, signature, identityHandle)
                    .map(right -> right ? ResponseCode.SUCCESS : ResponseCode.AUTHENTICATION_FAILED)
                    .orElse(ResponseCode.INVALID_CREDENTIAL);
        } catch (MalformedRecordException | GeneralSecurityException e) {
            return ResponseCode.INVALID_CREDENTIAL;
        }
    }

    /**
     * Whether an HS_PUBKEY value holds this key. For keys that were proven elsewhere, in a TLS handshake.
     *
     * @param publicKey the data of the HS_PUBKEY value
     */
    public static boolean holds(byte[] publicKey, PublicKey key) {
        try {
            return ProofKey.decode(publicKey).is(key);
        } catch (MalformedRecordException e) {
            return false;
        }
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
