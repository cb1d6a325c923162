/**
 * Which certificate a client is shown: the node's own, made from its key, or the operator's. Knows no sockets; read on any
 * thread.
 */
@NullMarked
package io.waymark.resolver.tls;

import org.jspecify.annotations.NullMarked;
