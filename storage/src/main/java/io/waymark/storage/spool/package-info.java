/**
 * The durable queue between the gateway's acknowledgement and Kafka. One writer thread, one reader.
 */
@NullMarked
package io.waymark.storage.spool;

import org.jspecify.annotations.NullMarked;
