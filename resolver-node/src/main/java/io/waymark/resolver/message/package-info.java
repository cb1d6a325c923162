/**
 * The Handle protocol's messages as values: what a client asks and what the node answers. No octets, no sockets.
 *
 * <p>Immutable, usable on any thread. Follows RFC 3652 as spoken today (protocol versions 2.1 to 2.11).
 */
@NullMarked
package io.waymark.resolver.message;

import org.jspecify.annotations.NullMarked;
