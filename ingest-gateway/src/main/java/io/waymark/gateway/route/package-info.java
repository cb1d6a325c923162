/**
 * Which subscriber wants which message. Read by every event loop without a lock, written under one.
 *
 * @see "MQTT 5.0 §4.7 Topic Names and Topic Filters"
 */
@NullMarked
package io.waymark.gateway.route;

import org.jspecify.annotations.NullMarked;
