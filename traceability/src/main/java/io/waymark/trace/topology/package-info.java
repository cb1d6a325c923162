/**
 * Kafka Streams wiring and nothing else: which topic feeds which processor and store. Everything runs on stream threads;
 * what is decided there is decided by the pure packages.
 */
@NullMarked
package io.waymark.trace.topology;

import org.jspecify.annotations.NullMarked;
