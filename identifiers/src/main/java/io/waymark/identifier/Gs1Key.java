package io.waymark.identifier;

import io.waymark.identifier.gs1.ApplicationIdentifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A key of the GS1 system with its qualifiers, as AI/value pairs: canonical identity is this, never an EPC URN.
 *
 * <p>Identity is the primary key and its finest qualifier. A serial is unique within its GTIN, so the lot that a
 * DataMatrix tells beside it and a tag does not makes no other thing: both are equal, and {@link #canonical()} leaves
 * coarser qualifiers out. They stay in {@link #elements()}, for {@link #broader()} and for links.
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

    /** A key without qualifier. The value must be valid. */
    public static Gs1Key of(String ai, String value) {
        return new Gs1Key(List.of(new Element(ai, value)));
    }

    /** A key with one qualifier. Both values must be valid. */
    public static Gs1Key of(String ai, String value, String qualifierAi, String qualifier) {
        return new Gs1Key(List.of(new Element(ai, value), new Element(qualifierAi, qualifier)));
    }

    /** The primary key: 01, 00, 414, … */
    public Element primary() {
        return elements.get(0);
    }

    /** The last qualifier, which tells the thing from its siblings; the primary key itself if there is none. */
    public Element finest() {
        return elements.get(elements.size() - 1);
    }

    /**
     * What this thing is one of, nearest first: a serial's lot, then its GTIN; the asset type of a GRAI with serial.
     */
    public List<Gs1Key> broader() {
        List<Gs1Key> broader = new ArrayList<>();
        for (int size = elements.size() - 1; size > 0; size--) {
            broader.add(new Gs1Key(elements.subList(0, size)));
        }
        ApplicationIdentifier ai = ApplicationIdentifier.find(primary().ai());
        if (ai != null && isAppended(ai)) {
            broader.add(of(primary().ai(), primary().value().substring(0, ai.minLength())));
        }
        return Collections.unmodifiableList(broader);
    }

    /** Whether the value has an optional serial behind its fixed part, as GRAI, GDTI and GCN may. */
    private boolean isAppended(ApplicationIdentifier ai) {
        return ai.parts().get(ai.parts().size() - 1).optional()
                && primary().value().length() > ai.minLength();
    }

    @Override
    public Scheme scheme() {
        return Scheme.GS1;
    }

    @Override
    public String canonical() {
        StringBuilder uri = new StringBuilder(80).append(DigitalLink.CANONICAL_STEM);
        DigitalLink.appendPathElement(uri, primary());
        if (elements.size() > 1) {
            DigitalLink.appendPathElement(uri, finest());
        }
        return uri.toString();
    }

    /** Same primary key, same finest qualifier. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Gs1Key that && primary().equals(that.primary()) && finest().equals(that.finest());
    }

    @Override
    public int hashCode() {
        return 31 * primary().hashCode() + finest().hashCode();
    }

    @Override
    public String toString() {
        return canonical();
    }
}
