/**
 * The durable queue between the gateway's acknowledgement and Kafka. Any thread offers; one writer thread commits groups
 * of messages and session changes with one fsync; one forwarder thread reads.
 */
@NullMarked
package io.waymark.storage.spool;

import org.jspecify.annotations.NullMarked;
