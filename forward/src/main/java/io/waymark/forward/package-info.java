/**
 * From a durable queue to Kafka, in its order, exactly once: entries and the position they bring us to are one Kafka
 * transaction. Used by the gateway for its spool and by the resolver for its change feed. One thread per forwarder.
 *
 * @see "KIP-98 Exactly once delivery and transactional messaging"
 */
@NullMarked
package io.waymark.forward;

import org.jspecify.annotations.NullMarked;
