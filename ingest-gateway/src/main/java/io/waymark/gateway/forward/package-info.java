/**
 * From the spool to Kafka, in spool order, exactly once: messages and the position they bring us to are one Kafka transaction.
 * One thread.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding, binary content mode"
 * @see "KIP-98 Exactly once delivery and transactional messaging"
 */
@NullMarked
package io.waymark.gateway.forward;

import org.jspecify.annotations.NullMarked;
