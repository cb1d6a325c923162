package io.waymark.resolver.tls;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads an operator's certificate chain and private key: PEM, as certificate authorities and openssl write them. */
final class PemFiles {
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final Map<String, String> PROBES = Map.of(
            "RSA", "SHA256withRSA",
            "EC", "SHA256withECDSA",
            "Ed25519", "Ed25519",
            "EdDSA", "Ed25519");

    private PemFiles() {}

    /**
     * Reads both.
     *
     * @param certificate the chain, own certificate first
     * @param key unencrypted, PKCS #8 or the older forms of openssl
     * @throws IOException naming the file and what is wrong with it
     */
    static ServerIdentity read(Path certificate, Path key) throws IOException {
        List<X509Certificate> chain = chain(certificate);
        PrivateKey privateKey = privateKey(key);
        if (!isPair(privateKey, chain.get(0).getPublicKey())) {
            throw new IOException("key " + key + " is not that of certificate " + certificate);
        }
        return new ServerIdentity(privateKey, chain);
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        requireSane(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new IOException("certificate " + file + " has no certificate in it");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate " + file + " is no chain of X.509 certificates in PEM", e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        requireSane(file);
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII);
                PEMParser pem = new PEMParser(in)) {
            for (Object found = pem.readObject(); found != null; found = pem.readObject()) {
                if (found instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
                if (found instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
                }
            }
        } catch (IOException | RuntimeException e) {
            // no cause: a parser may quote what it read, and this file is a secret
            throw new IOException("key " + file + " cannot be read as PEM");
        }
        throw new IOException("key " + file + " holds no unencrypted private key in PEM");
    }

    private static void requireSane(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("file " + file + " cannot be read");
        }
        long bytes = Files.size(file);
        if (bytes > FILE_BYTES_MAX) {
            throw new IOException("file " + file + " must have at most " + FILE_BYTES_MAX + " bytes but has " + bytes);
        }
    }

    /** Whether what one signs the other verifies. */
    private static boolean isPair(PrivateKey privateKey, PublicKey publicKey) {
        String algorithm = PROBES.get(privateKey.getAlgorithm());
        if (algorithm == null) {
            return false;
        }
        byte[] probe = new byte[32];
        new SecureRandom().nextBytes(probe);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * What tells one state of the files from another: a digest of both.
     *
     * @throws IOException naming the file that cannot be read
     */
    static String fingerprint(Path certificate, Path key) throws IOException {
        requireSane(certificate);
        requireSane(key);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(certificate));
            digest.update(Files.readAllBytes(key));
            return java.util.HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
