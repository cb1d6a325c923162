/** Sockets to other nodes, all on one event loop of their own: whatever they do, nobody else's loop waits. */
@NullMarked
package io.waymark.resolver.upstream.wire;

import org.jspecify.annotations.NullMarked;
