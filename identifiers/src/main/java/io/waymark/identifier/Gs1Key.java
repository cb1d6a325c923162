package io.waymark.identifier;

import java.util.List;

/**
 * A key of the GS1 system with its qualifiers, as AI/value pairs: canonical identity is this, never an EPC URN.
 *
 * @param elements the primary key first, then qualifiers in the order the Digital Link standard gives them; values in
 *     canonical form (GTIN padded to 14 digits)
 * @see "GS1 Digital Link URI Syntax 1.6 §4"
 */
public record Gs1Key(List<Element> elements) implements Identifier {
    /**
     * One AI and its value.
     *
     * @param ai application identifier, 2–4 digits
     * @param value the unescaped value
     */
    public record Element(String ai, String value) {}

    /** Copies the list and refuses an empty one. */
    public Gs1Key {
        elements = List.copyOf(elements);
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("a GS1 key needs a primary element");
        }
    }

    /** The primary key: 01, 00, 414, … */
    public Element primary() {
        return elements.get(0);
    }

    @Override
    public Scheme scheme() {
        return Scheme.GS1;
    }

    @Override
    public String canonical() {
        StringBuilder uri = new StringBuilder("https://id.gs1.org");
        for (Element e : elements) {
            uri.append('/').append(e.ai()).append('/');
            appendPercentEncoded(uri, e.value());
        }
        return uri.toString();
    }

    private static void appendPercentEncoded(StringBuilder out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean unreserved = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
            if (unreserved) {
                out.append(c);
            } else {
                // GS1 values are ASCII (CSET 82, 39, 64)
                out.append('%').append(hex(c >> 4)).append(hex(c));
            }
        }
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble & 15);
    }
}
