/**
 * How far a message must have come before its sender is told that it was taken, for those who do not sit on an event loop: who waits
 * for Kafka, and what is counted. Any thread.
 */
@NullMarked
package io.waymark.gateway.ack;

import org.jspecify.annotations.NullMarked;
