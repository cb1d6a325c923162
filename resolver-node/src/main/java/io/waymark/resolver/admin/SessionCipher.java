package io.waymark.resolver.admin;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an envelope with the flag ENCRYPTED carries: header, body and credential under the session's key.
 *
 * <pre>
 * off 0  16 octets initialisation vector, random
 *    16  AES-128 in CBC mode with PKCS #5 padding, key = first 16 octets of the session's secret
 * </pre>
 *
 * <p>It hides; it does not authenticate: the message inside must carry the session's MAC.
 *
 * @see "RFC 3652 §2.2.1 Message Envelope, EC flag"
 */
final class SessionCipher {
    private static final String ALGORITHM = "AES/CBC/PKCS5Padding";
    private static final int KEY_BYTES = 16;
    private static final int IV_BYTES = 16;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param secret the session's; copied
     */
    SessionCipher(byte[] secret) {
        this.key = new SecretKeySpec(Arrays.copyOf(secret, KEY_BYTES), "AES");
    }

    byte[] seal(byte[] message) {
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
            byte[] sealed = Arrays.copyOf(iv, IV_BYTES + cipher.getOutputSize(message.length));
            cipher.doFinal(message, 0, message.length, sealed, IV_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Empty if nothing sealed with this key looks so. */
    Optional<byte[]> open(byte[] sealed) {
        if (sealed.length < 2 * IV_BYTES) {
            return Optional.empty();
        }
        try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(sealed, 0, IV_BYTES));
            return Optional.of(cipher.doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
