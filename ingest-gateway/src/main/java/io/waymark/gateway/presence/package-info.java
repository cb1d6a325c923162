/**
 * What the gateway itself has to tell on Kafka: who comes, goes and is refused, and which devices there are. It goes through the
 * spool like the devices' messages, and so in order with them.
 *
 * @see "CloudEvents 1.0"
 */
@NullMarked
package io.waymark.gateway.presence;

import org.jspecify.annotations.NullMarked;
