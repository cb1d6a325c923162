package io.waymark.resolver.conformance;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A client's side of a session: Diffie-Hellman in RFC 2409's second group, then MACs and counters. */
final class OpenSession {
    private static final BigInteger P = new BigInteger(
            "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                    + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
                    + "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
            16);
    private static final BigInteger G = BigInteger.TWO;

    private final KeyPair keys;
    private byte[] key = new byte[0];
    private int id;
    private int counter;

    OpenSession() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
        generator.initialize(new DHParameterSpec(P, G));
        keys = generator.generateKeyPair();
    }

    byte[] publicKey() {
        return new Octets()
                .text("DH_PUB_KEY")
                .i2(0)
                .number(((DHPublicKey) keys.getPublic()).getY())
                .number(P)
                .number(G)
                .all();
    }

    /** Takes the node's part: {@code i2 mode, bytes (i4 algorithm, its public key)}. */
    void agree(int sessionId, ByteBuffer content) throws GeneralSecurityException {
        id = sessionId;
        content.getShort();
        ByteBuffer data = Octets.read(Octets.takeBytes(content));
        if (data.getInt() != 3) {
            throw new AssertionError("the session is not to use AES");
        }
        Octets.takeText(data);
        data.getShort();
        BigInteger y = new BigInteger(Octets.takeBytes(data));
        KeyAgreement agreement = KeyAgreement.getInstance("DH");
        agreement.init(keys.getPrivate());
        agreement.doPhase(KeyFactory.getInstance("DH").generatePublic(new DHPublicKeySpec(y, P, G)), true);
        byte[] shared = agreement.generateSecret();
        int from = 0;
        while (from < shared.length - 32 && shared[from] == 0) {
            from++;
        }
        key = Arrays.copyOfRange(shared, from, from + 32);
    }

    int id() {
        return id;
    }

    int nextCounter() {
        return ++counter;
    }

    byte[] mac(byte[] covered) throws GeneralSecurityException {
        return Keys.hmac("HmacSHA256", key, covered);
    }

    byte[] seal(byte[] plain) throws GeneralSecurityException {
        byte[] iv = new byte[16];
        Arrays.fill(iv, (byte) counter);
        return new Octets()
                .raw(iv)
                .raw(cipher(Cipher.ENCRYPT_MODE, iv).doFinal(plain))
                .all();
    }

    byte[] open(byte[] sealed) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, 16)).doFinal(sealed, 16, sealed.length - 16);
    }

    private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key, 0, 16, "AES"), new IvParameterSpec(iv));
        return cipher;
    }
}
