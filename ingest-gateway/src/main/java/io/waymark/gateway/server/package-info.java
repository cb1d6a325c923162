/**
 * MQTT connections on Netty: owns the buffers, calls decode → decide → encode, hands writes to the spool and their outcome back
 * to the connection.
 *
 * <p>Threads: a connection lives on one event loop. The spool's writer thread only puts outcomes into the loop's mailbox, which
 * wakes the loop once for many. Nothing here blocks a loop.
 */
@NullMarked
package io.waymark.gateway.server;

import org.jspecify.annotations.NullMarked;
