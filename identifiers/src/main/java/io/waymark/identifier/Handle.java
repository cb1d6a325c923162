package io.waymark.identifier;

import java.nio.charset.StandardCharsets;

/**
 * A Handle System name, {@code prefix/suffix}; the first slash splits.
 *
 * <p>Names compare ASCII case-insensitively ({@link #canonical()}); the spelling given is kept.
 *
 * @param text the name as written, at most {@value #MAX_BYTES} UTF-8 bytes
 * @see "RFC 3651 §2 Handle Namespace"
 */
public record Handle(String text) implements Identifier {
    /** The longest name, in UTF-8 bytes. */
    public static final int MAX_BYTES = 2048;

    /** Refuses what {@link #parse} refuses; for names the program itself makes. */
    public Handle {
        String problem = problem(text);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * Reads a name from the outside.
     *
     * @throws MalformedIdentifierException if it has no prefix, an ill-formed prefix, no suffix, or is too long
     */
    public static Handle parse(String text) throws MalformedIdentifierException {
        String problem = problem(text);
        if (problem != null) {
            throw new MalformedIdentifierException(problem, -1);
        }
        return new Handle(text);
    }

    /** The part before the first slash, as written. */
    public String prefix() {
        return text.substring(0, text.indexOf('/'));
    }

    /** The part after the first slash, as written. */
    public String suffix() {
        return text.substring(text.indexOf('/') + 1);
    }

    /** The handle that describes the prefix of this one: {@code 0.NA/prefix}. */
    public Handle prefixHandle() {
        return new Handle("0.NA/" + prefix());
    }

    @Override
    public Scheme scheme() {
        return Scheme.HANDLE;
    }

    @Override
    public String canonical() {
        return foldAscii(text);
    }

    /** Equality is that of the Handle System: ASCII case does not matter. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Handle that && canonical().equals(that.canonical());
    }

    @Override
    public int hashCode() {
        return canonical().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Upper-cases a–z and nothing else, so that the result never depends on a locale. */
    public static String foldAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'a' && c <= 'z') {
                return fold(text, i);
            }
        }
        return text;
    }

    private static String fold(String text, int from) {
        char[] chars = text.toCharArray();
        for (int i = from; i < chars.length; i++) {
            char c = chars[i];
            if (c >= 'a' && c <= 'z') {
                chars[i] = (char) (c - 32);
            }
        }
        return new String(chars);
    }

    private static @org.jspecify.annotations.Nullable String problem(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return "handle \"" + text + "\" has no '/' between prefix and suffix";
        }
        if (slash == 0) {
            return "handle \"" + text + "\" has an empty prefix";
        }
        if (slash == text.length() - 1) {
            return "handle \"" + text + "\" has an empty suffix";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                return "handle has control character U+" + Integer.toHexString(c) + " at " + i;
            }
        }
        if (text.length() * 3 > MAX_BYTES && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return "handle must be at most " + MAX_BYTES + " bytes but was "
                    + text.getBytes(StandardCharsets.UTF_8).length;
        }
        return null;
    }
}
