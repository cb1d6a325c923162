package io.waymark.resolver.admin;

import java.security.SecureRandom;
import java.util.Base64;

/** Secret keys of administrators who bring none. */
public final class AdminSecret {
    private static final int BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private AdminSecret() {}

    /** A fresh one: 192 random bits as 32 characters safe in addresses and shells. */
    public static String fresh() {
        byte[] octets = new byte[BYTES];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
