package io.waymark.platform.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's bearer token: 32 random bytes, made at the first start and kept in {@code admin.token}, readable by its
 * owner only. Thread-safe.
 */
final class AdminToken {
    private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);
    private static final String FILE = "admin.token";
    private static final int BYTES = 32;
    private static final int LENGTH_MIN = 16;

    private final String token;
    private final boolean isNew;

    private AdminToken(String token, boolean isNew) {
        this.token = token;
        this.isNew = isNew;
    }

    /** Reads the token, or makes it. */
    static AdminToken of(Path dataDirectory) throws StartException {
        Path file = dataDirectory.resolve(FILE);
        try {
            return Files.exists(file) ? read(file) : make(file);
        } catch (IOException e) {
            throw new StartException("the operator's token " + file + " cannot be used: " + e, e);
        }
    }

    /** Whether this is the operator's token; takes the same time for every wrong one of the same length. */
    boolean matches(String candidate) {
        return MessageDigest.isEqual(octets(candidate), octets(token));
    }

    /** Whether it was made just now and nobody has seen it. */
    boolean isNew() {
        return isNew;
    }

    /** The token itself, to be shown once. */
    String reveal() {
        return token;
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "AdminToken[hidden]";
    }

    private static AdminToken read(Path file) throws IOException, StartException {
        if (OwnerOnly.isOpenToOthers(file)) {
            LOG.warn("{} was readable by others than its owner; it no longer is, but consider a new token", file);
            OwnerOnly.restrict(file);
        }
        String token = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (token.length() < LENGTH_MIN) {
            throw new StartException("the operator's token in " + file + " must have at least " + LENGTH_MIN
                    + " characters but has " + token.length() + "; delete the file for a new one");
        }
        return new AdminToken(token, false);
    }

    /** Written beside and moved, so that a crash leaves either no token or a whole one. */
    private static AdminToken make(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        AtomicFile.write(file, token + "\n");
        return new AdminToken(token, true);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
