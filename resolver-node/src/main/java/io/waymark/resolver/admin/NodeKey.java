package io.waymark.resolver.admin;

import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.wire.CredentialCodec;
import io.waymark.resolver.wire.ResponseEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Set;

/**
 * The key the node signs answers with: RSA, 2048 bits, made at the first start and kept in {@value #FILE} (PKCS #8, DER),
 * readable by its owner alone. Safe for any thread.
 *
 * @see "RFC 3652 §2.2.4 Message Credential"
 */
public final class NodeKey implements ResponseEncoder.Signer {
    /** The file's name. */
    public static final String FILE = "node-key.der";

    private static final int BITS = 2048;
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final PrivateKey privateKey;
    private final PublicKey jcaPublicKey;
    private final byte[] publicKey;

    private NodeKey(RSAPrivateCrtKey key) throws GeneralSecurityException {
        this.privateKey = key;
        this.jcaPublicKey = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
        this.publicKey = HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus());
    }

    /**
     * Reads the node's key, or makes it.
     *
     * @param directory made if absent
     * @throws UncheckedIOException if the file cannot be read or written, or holds no RSA key; the message names it
     */
    public static NodeKey loadOrCreate(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory, ownerOnly(directory, OWNER_DIRECTORY));
            if (!Files.exists(file)) {
                create(directory, file);
            }
            return new NodeKey(parse(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("node key " + file + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new UncheckedIOException(new IOException("node key " + file + " is no RSA key in PKCS #8", e));
        }
    }

    /** Written beside and moved, so that a crash leaves no half key. */
    private static void create(Path directory, Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        Path fresh = Files.createTempFile(directory, "node-key", ".new", ownerOnly(directory, OWNER_FILE));
        try {
            Files.write(fresh, generator.generateKeyPair().getPrivate().getEncoded());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            Files.delete(fresh);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory, Set<PosixFilePermission> permissions) {
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static RSAPrivateCrtKey parse(byte[] der) throws GeneralSecurityException {
        return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** The public key in Handle encoding, for the site record. A copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Both keys, for TLS. Never logged. */
    public KeyPair keyPair() {
        return new KeyPair(jcaPublicKey, privateKey);
    }

    @Override
    public Credential sign(Envelope envelope, byte[] headerAndBody) {
        boolean modern = envelope.version().atLeast(ProtocolVersion.SHA256);
        byte[] covered = CredentialCodec.coveredOctets(envelope, 0, headerAndBody);
        byte[] signature = signature(modern ? "SHA256withRSA" : "SHA1withRSA", covered);
        return new Credential(0, Credential.SIGNED, modern ? "SHA-256" : "SHA1", signature);
    }

    /** Signs octets that can be taken for no message of the protocol, with SHA256withRSA. */
    public byte[] sign(byte[] octets) {
        return signature("SHA256withRSA", octets);
    }

    private byte[] signature(String algorithm, byte[] covered) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(privateKey);
            signature.update(covered);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a 2048-bit RSA key always signs", e);
        }
    }
}
