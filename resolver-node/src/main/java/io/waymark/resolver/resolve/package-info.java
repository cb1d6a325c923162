/**
 * Given a name, the answer: which prefixes live here, which values of a record a caller wanted and may see, and the
 * node's own site. Reads the record store, knows no octets and no sockets; usable on any thread.
 */
@NullMarked
package io.waymark.resolver.resolve;

import org.jspecify.annotations.NullMarked;
