/**
 * Octets to messages and back (RFC 3652 §2), the reassembly of sliced requests, and the path that answers plain
 * resolutions in place.
 *
 * <p>Pure functions over buffers the caller owns; classes with state ({@link
 * io.waymark.resolver.wire.FragmentAssembler}, {@link io.waymark.resolver.wire.FastResolution}) belong to one event
 * loop. Decoders throw nothing but {@link io.waymark.resolver.wire.MalformedMessageException}. All integers are
 * big-endian.
 */
@NullMarked
package io.waymark.resolver.wire;

import org.jspecify.annotations.NullMarked;
