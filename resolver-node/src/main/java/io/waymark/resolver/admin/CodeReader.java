package io.waymark.resolver.admin;

import io.waymark.identifier.Identifier;
import io.waymark.identifier.MalformedIdentifierException;

/** Says what a raw code identifies. */
@FunctionalInterface
public interface CodeReader {
    /**
     * Reads a code in any spelling: Digital Link, element string, EPC URN, OID, …
     *
     * @throws MalformedIdentifierException if it is of no known scheme
     */
    Identifier read(String code) throws MalformedIdentifierException;
}
