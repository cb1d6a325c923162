/**
 * What is this code? Identities as values ({@link io.waymark.identifier.Identifier}), and the recogniser that turns
 * whatever a scanner, a person or a message holds into one of them.
 *
 * <p>Pure functions and immutable values: no I/O, no clock, no threads, no third-party library.
 */
@NullMarked
package io.waymark.identifier;

import org.jspecify.annotations.NullMarked;
