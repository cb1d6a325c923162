/**
 * The vocabulary of the GS1 system: application identifiers with their formats and rules, check digits, character sets.
 * Pure syntax: it knows nothing of identities, which are built on top of it.
 *
 * <p>Immutable after class loading, usable from any thread. Problems are returned as {@link
 * io.waymark.identifier.gs1.Violation}, not thrown.
 *
 * @see "GS1 General Specifications §3 and §7"
 */
@NullMarked
package io.waymark.identifier.gs1;

import org.jspecify.annotations.NullMarked;
