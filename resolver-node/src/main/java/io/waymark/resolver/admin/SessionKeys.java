package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;

/**
 * Diffie-Hellman for sessions. The client chooses the group and sends its public value; the node answers with {@code i4
 * algorithm = 3 (AES)} and its own. The session's key is the first 32 octets of the shared number, leading zeros dropped as
 * long as 32 remain.
 *
 * @see "RFC 3652 §3.6 Session Setup"
 */
public final class SessionKeys {
    /**
     * Both sides' part of an agreement.
     *
     * @param secret 32 octets: the key of the session's MACs. Owned by the value, never written, never logged
     * @param answer what the client needs to find the same
     */
    public record Agreement(byte[] secret, byte[] answer) {
        @Override
        public String toString() {
            return "Agreement";
        }
    }

    private static final int AES = 3;
    private static final int SECRET_BYTES = 32;
    private static final int GROUP_BITS_MIN = 1024;
    private static final int GROUP_BITS_MAX = 3072;

    private SessionKeys() {}

    /**
     * Agrees on a key.
     *
     * @param clientKey the client's DH_PUB_KEY
     * @throws MalformedRecordException if it is none, or its group or value is out of bounds
     */
    public static Agreement agree(byte[] clientKey) throws MalformedRecordException {
        HandleKeys.Key key = HandleKeys.decode(clientKey);
        if (!key.algorithm().equals(HandleKeys.DIFFIE_HELLMAN) || key.numbers().size() != 3) {
            throw new MalformedRecordException("session key must be a " + HandleKeys.DIFFIE_HELLMAN);
        }
        BigInteger y = key.numbers().get(0);
        BigInteger p = key.numbers().get(1);
        BigInteger g = key.numbers().get(2);
        check(y, p, g);
        try {
            return agree(y, p, g);
        } catch (GeneralSecurityException e) {
            throw new MalformedRecordException("no key can be agreed on in this group: " + e.getMessage());
        }
    }

    private static void check(BigInteger y, BigInteger p, BigInteger g) throws MalformedRecordException {
        if (p.bitLength() < GROUP_BITS_MIN || p.bitLength() > GROUP_BITS_MAX || p.signum() < 0 || !p.testBit(0)) {
            throw new MalformedRecordException("prime must be odd and have " + GROUP_BITS_MIN + ".." + GROUP_BITS_MAX
                    + " bits but has " + p.bitLength());
        }
        BigInteger last = p.subtract(BigInteger.ONE);
        if (!isBetween(g, last) || !isBetween(y, last)) {
            throw new MalformedRecordException("base and public value must be in 2..p-2");
        }
    }

    private static boolean isBetween(BigInteger n, BigInteger last) {
        return n.compareTo(BigInteger.ONE) > 0 && n.compareTo(last) < 0;
    }

    private static Agreement agree(BigInteger y, BigInteger p, BigInteger g) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
        generator.initialize(new DHParameterSpec(p, g));
        KeyPair own = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("DH");
        agreement.init(own.getPrivate());
        agreement.doPhase(KeyFactory.getInstance("DH").generatePublic(new DHPublicKeySpec(y, p, g)), true);
        BigInteger ownY = ((DHPublicKey) own.getPublic()).getY();
        byte[] encoded = HandleKeys.encode(HandleKeys.DIFFIE_HELLMAN, ownY, p, g);
        byte[] answer =
                ByteBuffer.allocate(4 + encoded.length).putInt(AES).put(encoded).array();
        return new Agreement(firstOctets(agreement.generateSecret()), answer);
    }

    static byte[] firstOctets(byte[] shared) {
        int from = 0;
        while (from < shared.length - SECRET_BYTES && shared[from] == 0) {
            from++;
        }
        return Arrays.copyOfRange(shared, from, from + SECRET_BYTES);
    }
}
