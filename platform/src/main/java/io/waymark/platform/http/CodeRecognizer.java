package io.waymark.platform.http;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognition;

/** Says what a raw scan is. */
@FunctionalInterface
public interface CodeRecognizer {
    /**
     * Reads a code in any spelling.
     *
     * @throws MalformedIdentifierException if it is of no known scheme
     */
    Recognition recognize(String code) throws MalformedIdentifierException;
}
