/**
 * Messages that wait for MQTT sessions whose clients are away or have not acknowledged them. Written in the spool's own batches,
 * so that a message is durable for Kafka and for every such session at once or for none.
 *
 * @see "MQTT 5.0 §4.1 Session State"
 */
@NullMarked
package io.waymark.storage.queue;

import org.jspecify.annotations.NullMarked;
