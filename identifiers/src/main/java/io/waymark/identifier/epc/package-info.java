/**
 * The tables of the EPC Tag Data Standard, one row per key and per binary layout, and the bits they are read from and
 * written to. Knows nothing of identities, which are built on top of it.
 *
 * <p>Tables are immutable; readers and writers of bits belong to one thread.
 *
 * @see "EPC Tag Data Standard 2.3"
 */
@NullMarked
package io.waymark.identifier.epc;

import org.jspecify.annotations.NullMarked;
