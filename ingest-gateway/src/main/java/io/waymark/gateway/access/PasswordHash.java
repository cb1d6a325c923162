package io.waymark.gateway.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Argon2id with 19 MiB, 2 passes, 1 lane: about 50 ms on a server core. Stored as a PHC string, which carries its own
 * parameters, so that a later change of them leaves old hashes usable. Any thread; takes its time.
 *
 * @see "RFC 9106; OWASP password storage, Argon2id m=19456 t=2 p=1"
 */
final class PasswordHash {
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int OCTETS = 32;
    private static final int SALT_OCTETS = 16;

    /** Longest password considered; longer ones cannot have been given out. */
    static final int PASSWORD_OCTETS_MAX = 1024;

    private static final Argon2Function FUNCTION =
            Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, OCTETS, Argon2.ID);
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    /** A PHC string with a fresh salt. */
    static String of(byte[] password) {
        byte[] salt = new byte[SALT_OCTETS];
        RANDOM.nextBytes(salt);
        return FUNCTION.hash(password, salt).getResult();
    }

    /** Whether the password is the one the PHC string was made of; compares in constant time. */
    static boolean matches(byte[] password, String phc) {
        return Argon2Function.getInstanceFromHash(phc).check(password, phc.getBytes(StandardCharsets.UTF_8));
    }

    /** A hash that no password has, as costly to check as a real one. */
    static String ofNobody() {
        byte[] secret = new byte[OCTETS];
        RANDOM.nextBytes(secret);
        return of(secret);
    }
}
