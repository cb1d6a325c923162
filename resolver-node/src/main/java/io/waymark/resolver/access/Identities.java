package io.waymark.resolver.access;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.ValueReference;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Identities as people write them: {@code index:handle}, as in {@code 300:88.118.8/ADMIN}. */
public final class Identities {
    private static final int INDEX_DIGITS_MAX = 9;

    private Identities() {}

    /**
     * Reads an identity.
     *
     * @param text percent-encoded or not: a user name in Basic credentials cannot hold a colon otherwise
     * @throws MalformedIdentifierException if it is none
     */
    public static ValueReference parse(String text) throws MalformedIdentifierException {
        String plain = text.indexOf('%') < 0 ? text : decoded(text);
        int colon = plain.indexOf(':');
        if (colon < 1
                || colon > INDEX_DIGITS_MAX
                || !plain.substring(0, colon).chars().allMatch(Identities::isDigit)) {
            throw new MalformedIdentifierException(
                    "an identity must look like 300:88.118.8/ADMIN but was " + shown(plain), -1);
        }
        Handle handle = Handle.parse(plain.substring(colon + 1));
        return new ValueReference(handle.text(), Integer.parseInt(plain.substring(0, colon)));
    }

    /** As text. */
    public static String text(ValueReference identity) {
        return identity.index() + ":" + identity.handle();
    }

    private static String decoded(String text) throws MalformedIdentifierException {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new MalformedIdentifierException("an identity has a broken percent-escape: " + shown(text), -1);
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static String shown(String text) {
        int max = 80;
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }
}
