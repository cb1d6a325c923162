/**
 * What the gateway knows of a client: decisions of the protocol as functions of state, packet and time, without I/O.
 *
 * <p>Threads: what is valid for one connection ({@code AckRing}, {@code TopicAliases}, {@code TimerWheel}) belongs to that
 * connection's event loop. What outlives it ({@code Session}, {@code InboundQos2}, {@code OutboundQueue}) may be reached from any
 * loop, because a message for one client arrives on the loop of another; each of these guards itself with its own monitor, held
 * for a few instructions, and never calls out while holding it.
 *
 * @see "MQTT 5.0 §4 Operational behavior"
 */
@NullMarked
package io.waymark.gateway.session;

import org.jspecify.annotations.NullMarked;
