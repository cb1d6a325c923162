/**
 * Who is connected now: what the registry's changes mean for connections, how many there may be, how fast they may send, and
 * when a device was last there. Any thread; nothing here waits.
 */
@NullMarked
package io.waymark.gateway.live;

import org.jspecify.annotations.NullMarked;
