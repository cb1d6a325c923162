/**
 * Device messages that do not come over MQTT: one request is some messages of one device, durable together or not at all, and
 * once only when the sender names the request. Same spool, same promise as MQTT QoS 1.
 *
 * @see "draft-ietf-httpapi-idempotency-key-header"
 */
@NullMarked
package io.waymark.gateway.ingest;

import org.jspecify.annotations.NullMarked;
