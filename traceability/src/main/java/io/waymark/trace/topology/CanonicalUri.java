package io.waymark.trace.topology;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.trace.capture.Recognise;
import io.waymark.trace.event.Subject;
import java.util.function.UnaryOperator;

/** The canonical identity behind a URI in an event, whoever wrote the event; a URI of no known scheme stands for itself. */
final class CanonicalUri implements UnaryOperator<String> {
    private final Recognise recognise;

    CanonicalUri(Recognise recognise) {
        this.recognise = recognise;
    }

    @Override
    public String apply(String uri) {
        String own = Subject.canonicalOf(uri);
        if (own != null) {
            return own;
        }
        try {
            return Subject.of(recognise.recognise(uri).identifier()).canonical();
        } catch (MalformedIdentifierException e) {
            return uri;
        }
    }
}
