/**
 * The node's doors: UDP and TCP for the Handle protocol, HTTP for the tunnel, JSON, pages and Digital Links. A handler
 * owns its buffers and calls decode, decide, encode; the three transports share {@link
 * io.waymark.resolver.server.RequestProcessor}.
 *
 * <p>Handlers run on the node's event loops, which nothing may block: what takes more than a look into the record store
 * (signatures, key derivation, writes) runs on a small bounded pool and comes back to the loop.
 */
@NullMarked
package io.waymark.resolver.server;

import org.jspecify.annotations.NullMarked;
