/**
 * The retained message of each MQTT topic; written in the spool's own batches.
 *
 * @see "MQTT 5.0 §3.3.1.3 RETAIN"
 */
@NullMarked
package io.waymark.storage.retained;

import org.jspecify.annotations.NullMarked;
