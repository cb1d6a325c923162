/**
 * MQTT session state that must survive a crash; written in the spool's own batches, so that a message and the packet
 * identifier that brought it become durable together.
 */
@NullMarked
package io.waymark.storage.session;

import org.jspecify.annotations.NullMarked;
