/**
 * Who sends a web request: reads what he says of himself and checks it, against keys in handle records, against the
 * operator's token, against sessions. What he may do is decided elsewhere ({@code admin}). Knows no sockets.
 */
@NullMarked
package io.waymark.resolver.access;

import org.jspecify.annotations.NullMarked;
