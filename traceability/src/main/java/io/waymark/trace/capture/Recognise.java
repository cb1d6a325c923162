package io.waymark.trace.capture;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognition;

/** Says what a raw code is; {@code io.waymark.identifier.Recognizer} outside of tests. */
@FunctionalInterface
public interface Recognise {
    /**
     * What the code is.
     *
     * @throws MalformedIdentifierException if it is of no scheme we know, or breaks its scheme's rules
     */
    Recognition recognise(String code) throws MalformedIdentifierException;
}
