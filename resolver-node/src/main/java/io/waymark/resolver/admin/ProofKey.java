package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * A public key from an {@code HS_PUBKEY} value, in either of the encodings in use: the reference implementation's (see {@link
 * HandleKeys}) or, in the Chinese identifier network, an X.509 SubjectPublicKeyInfo as PEM text.
 *
 * <p>RSA of 1,024 to 8,192 bits, DSA of 1,024 to 3,072, EC on the curves P-256, P-384 and P-521, SM2 on sm2p256v1.
 *
 * @see "RFC 3651 §3.2.3 HS_PUBKEY; GB/T 32918.2 (SM2)"
 */
interface ProofKey {
    /**
     * Verifies.
     *
     * @param digest as the proof names it, for example {@code SHA-256} or {@code SM3}
     * @param identity the handle that holds the key: SM2 signs its signer's name too
     * @return empty if this key signs nothing with that digest
     * @throws GeneralSecurityException if the signature has no form this key's could have
     */
    Optional<Boolean> verify(String digest, byte[] input, byte[] signature, String identity)
            throws GeneralSecurityException;

    /** Whether it is this key; of kinds the Java platform knows. */
    default boolean is(PublicKey other) {
        return false;
    }

    /**
     * Reads a key.
     *
     * @param data of the HS_PUBKEY value
     * @throws MalformedRecordException if it is none, or one of a kind or size not used here
     */
    static ProofKey decode(byte[] data) throws MalformedRecordException {
        String begin = "-----BEGIN PUBLIC KEY-----";
        boolean pem = data.length > begin.length()
                && new String(data, 0, begin.length(), StandardCharsets.US_ASCII).equals(begin);
        try {
            return pem ? fromPem(new String(data, StandardCharsets.US_ASCII)) : fromHandleKey(HandleKeys.decode(data));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // Bouncy Castle tells bad ASN.1 by unchecked exceptions of many classes
            throw new MalformedRecordException("public key cannot be used: " + e.getMessage());
        }
    }

    private static ProofKey fromHandleKey(HandleKeys.Key key)
            throws MalformedRecordException, GeneralSecurityException {
        List<BigInteger> n = key.numbers();
        if (key.algorithm().equals(HandleKeys.RSA) && n.size() == 2) {
            return jca("RSA", new RSAPublicKeySpec(n.get(1), n.get(0)));
        }
        if (key.algorithm().equals(HandleKeys.DSA) && n.size() == 4) {
            return jca("DSA", new DSAPublicKeySpec(n.get(3), n.get(1), n.get(0), n.get(2)));
        }
        throw new MalformedRecordException("no signatures are made with a " + key.algorithm());
    }

    private static ProofKey fromPem(String text)
            throws MalformedRecordException, GeneralSecurityException, IOException {
        int from = text.indexOf('\n');
        int to = text.indexOf("-----END");
        if (from < 0 || to < from) {
            throw new MalformedRecordException("public key in PEM has no end");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.substring(from, to));
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(der);
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return jca("RSA", new X509EncodedKeySpec(der));
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_dsa)) {
            return jca("DSA", new X509EncodedKeySpec(der));
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return GMObjectIdentifiers.sm2p256v1.equals(info.getAlgorithm().getParameters())
                    ? new Sm2Key((ECPublicKeyParameters) PublicKeyFactory.createKey(info))
                    : jca("EC", new X509EncodedKeySpec(der));
        }
        throw new MalformedRecordException("public key has the unknown algorithm " + algorithm);
    }

    private static ProofKey jca(String algorithm, KeySpec spec)
            throws MalformedRecordException, GeneralSecurityException {
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(spec);
        if (key instanceof RSAPublicKey rsa) {
            requireBits("RSA modulus", rsa.getModulus(), 8192);
        }
        if (key instanceof DSAPublicKey dsa) {
            requireBits("DSA prime", dsa.getParams().getP(), 3072);
        }
        return new JcaKey(key);
    }

    private static void requireBits(String what, BigInteger number, int max) throws MalformedRecordException {
        if (number.signum() < 0 || number.bitLength() < 1024 || number.bitLength() > max) {
            throw new MalformedRecordException(
                    what + " must have 1024.." + max + " bits but has " + number.bitLength());
        }
    }

    /** A key the Java platform knows. */
    final class JcaKey implements ProofKey {
        private static final Map<String, String> DIGESTS = Map.of(
                "SHA-1", "SHA1",
                "SHA1", "SHA1",
                "\u0002", "SHA1",
                "SHA-256", "SHA256",
                "SHA256", "SHA256",
                "\u0003", "SHA256");

        private final PublicKey key;

        JcaKey(PublicKey key) {
            this.key = key;
        }

        @Override
        public boolean is(PublicKey other) {
            return key.equals(other);
        }

        @Override
        public Optional<Boolean> verify(String digest, byte[] input, byte[] signature, String identity)
                throws GeneralSecurityException {
            String name = DIGESTS.get(digest);
            if (name == null) {
                return Optional.empty();
            }
            Signature verifier = Signature.getInstance(
                    name + "with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm()));
            verifier.initVerify(key);
            verifier.update(input);
            return Optional.of(verifier.verify(signature));
        }
    }
}
