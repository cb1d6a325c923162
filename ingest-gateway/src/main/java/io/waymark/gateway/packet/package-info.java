/**
 * MQTT control packets as values. Free of Netty: {@code wire} turns octets into these and back, {@code session} decides on them.
 * Octet arrays inside packets are owned by the packet and never written to after construction, so several sessions may share them.
 *
 * @see "MQTT 3.1.1 and MQTT 5.0 (OASIS), section 3"
 */
@NullMarked
package io.waymark.gateway.packet;

import org.jspecify.annotations.NullMarked;
