package io.waymark.resolver.link;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * Addresses as they stand in records. A redirect leads to an address in a record or nowhere, and only to {@code http} and
 * {@code https}.
 */
public final class WebAddress {
    /** The longest address that is redirected to: what an HTTP header takes with room to spare. */
    public static final int MAX_LENGTH = 4096;

    /** Schemes that run code or read the reader's own machine when a browser follows them. */
    private static final Set<String> HARMFUL = Set.of(
            "javascript",
            "vbscript",
            "livescript",
            "data",
            "blob",
            "file",
            "filesystem",
            "view-source",
            "jar",
            "about");

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private WebAddress() {}

    /**
     * Whether a redirect may lead there: {@code http} or {@code https} with a host, at most {@value #MAX_LENGTH}
     * characters, none of them a space, a control character or a backslash, so that a record can neither run script nor
     * forge headers.
     */
    public static boolean isWeb(String text) {
        int host = text.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : text.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        return host > 0
                && text.length() <= MAX_LENGTH
                && text.length() > host
                && "/?#".indexOf(text.charAt(host)) < 0
                && text.chars().allMatch(c -> c > 0x20 && c != 0x7f && c != '\\');
    }

    /**
     * Whether no record may hold it as an address. Read as browsers read it: leading white space and control characters
     * do not count, nor do tabs and line ends within.
     */
    public static boolean isHarmful(String text) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return HARMFUL.contains(seen.toString().toLowerCase(Locale.ROOT));
            }
            boolean skipped = c <= 0x20 && (seen.length() == 0 || c == '\t' || c == '\r' || c == '\n');
            if (!skipped) {
                seen.append(c);
            }
        }
        return false;
    }

    /** The address in a form a header can hold: what is not printable ASCII is percent-encoded. */
    public static String forHeader(String address) {
        StringBuilder out = new StringBuilder(address.length());
        for (byte b : address.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0x20 && b < 0x7f) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }

    /** The address with a query, as it was asked, behind its own. */
    public static String withQuery(String address, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return address;
        }
        int fragment = address.indexOf('#');
        String head = fragment < 0 ? address : address.substring(0, fragment);
        String tail = fragment < 0 ? "" : address.substring(fragment);
        return head + (head.indexOf('?') < 0 ? '?' : '&') + rawQuery + tail;
    }
}
