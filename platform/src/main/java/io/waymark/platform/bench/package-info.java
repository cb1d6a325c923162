/**
 * Load for a running server: {@code waymark bench resolve|publish|load}. It speaks the wire protocols itself, with as
 * little work per request as it can, so that on one machine the server is what saturates. One {@link
 * io.waymark.platform.bench.LoadLoop} per thread owns its sockets, its names and its tally; nothing is shared while a
 * run lasts. Open loop measures from the instant a request was due, not from the instant it left, so that a stalled
 * server cannot hide its own queue (no coordinated omission).
 */
@NullMarked
package io.waymark.platform.bench;

import org.jspecify.annotations.NullMarked;
