/**
 * Octets to packets and back. {@link io.waymark.gateway.wire.FrameCutter} cuts exactly one packet, so an inner length can never
 * reach into the next one; {@link io.waymark.gateway.wire.PacketDecoder} refuses everything the standard calls malformed,
 * including what is left over. Neither needs a channel. Buffers are borrowed: the caller releases them.
 *
 * <p>The decoder is our own rather than {@code netty-codec-mqtt}: that one waits for more octets when an inner length overruns
 * the packet, keeps only the last of a repeated property, and needs a channel to remember the protocol version. Tests hold the
 * two against each other.
 *
 * @see "MQTT 3.1.1 and MQTT 5.0 (OASIS), sections 1.5, 2 and 3"
 */
@NullMarked
package io.waymark.gateway.wire;

import org.jspecify.annotations.NullMarked;
