package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.Recognition.Field;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import java.util.List;

/** Shows AIs to people. */
final class Gs1Fields {
    private Gs1Fields() {}

    static Field of(Element e) {
        ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
        String title = ai == null || ai.title().isEmpty() ? "AI " + e.ai() : ai.title();
        return new Field(title, e.value(), "AI " + e.ai());
    }

    static List<Field> of(List<Element> elements) {
        return elements.stream().map(Gs1Fields::of).toList();
    }
}
