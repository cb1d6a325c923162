/**
 * MQTT session state that must survive a crash; written in the spool's own batches.
 */
@NullMarked
package io.waymark.storage.session;

import org.jspecify.annotations.NullMarked;
