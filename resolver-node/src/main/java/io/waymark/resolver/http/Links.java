package io.waymark.resolver.http;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The web addresses in a record. */
final class Links {
    private Links() {}

    /** The address to redirect to: that of the URL value with the lowest index. */
    static Optional<HandleValue> main(List<HandleValue> values) {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals("URL") && isWebAddress(v.dataText()))
                .min(Comparator.comparingInt(HandleValue::index));
    }

    /**
     * Whether a redirect may lead there: HTTP and HTTPS only, and only characters a header can hold, so that a record can
     * neither run script nor forge headers.
     */
    static boolean isWebAddress(String text) {
        boolean web = text.regionMatches(true, 0, "http://", 0, 7) || text.regionMatches(true, 0, "https://", 0, 8);
        return web && text.chars().allMatch(c -> c > 0x20 && c != 0x7f);
    }

    /** The address in a form a header can hold: what is not ASCII is percent-encoded. */
    static String forHeader(String address) {
        StringBuilder out = new StringBuilder(address.length());
        address.codePoints().forEach(c -> {
            if (c < 0x80) {
                out.append((char) c);
            } else {
                out.append(UriText.encodePath(Character.toString(c)));
            }
        });
        return out.toString();
    }

    /** The address with another query behind its own. */
    static String withQuery(String address, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return address;
        }
        int fragment = address.indexOf('#');
        String head = fragment < 0 ? address : address.substring(0, fragment);
        String tail = fragment < 0 ? "" : address.substring(fragment);
        return head + (head.indexOf('?') < 0 ? '?' : '&') + rawQuery + tail;
    }
}
