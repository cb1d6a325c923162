package io.waymark.resolver.admin;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.SM2Signer;

/**
 * An SM2 key. The Chinese identifier network's client signs the SM3 digest of the input as a message of its own, under the
 * identity's handle as user id, and encodes the signature in DER.
 *
 * @see "GB/T 32918.2 (SM2 signatures), GB/T 32905 (SM3)"
 */
final class Sm2Key implements ProofKey {
    static final String DIGEST = "SM3";

    private final ECPublicKeyParameters key;

    Sm2Key(ECPublicKeyParameters key) {
        this.key = key;
    }

    @Override
    public Optional<Boolean> verify(String digest, byte[] input, byte[] signature, String identity) {
        if (!digest.equals(DIGEST)) {
            return Optional.empty();
        }
        byte[] message = sm3(input);
        SM2Signer verifier = new SM2Signer();
        verifier.init(false, new ParametersWithID(key, identity.getBytes(StandardCharsets.UTF_8)));
        verifier.update(message, 0, message.length);
        return Optional.of(verifier.verifySignature(signature));
    }

    private static byte[] sm3(byte[] input) {
        SM3Digest digest = new SM3Digest();
        digest.update(input, 0, input.length);
        byte[] out = new byte[digest.getDigestSize()];
        digest.doFinal(out, 0);
        return out;
    }
}
