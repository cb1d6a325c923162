/**
 * Spooled messages as Kafka records, for the forwarder that takes them there. Forwarder thread.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding, binary content mode"
 */
@NullMarked
package io.waymark.gateway.forward;

import org.jspecify.annotations.NullMarked;
