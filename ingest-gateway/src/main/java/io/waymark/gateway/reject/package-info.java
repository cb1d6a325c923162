/**
 * What the gateway refuses although it has its content: kept for those who look into it, on Kafka's topic for rejected records, by
 * way of the spool and within bounds. Any thread; nothing here waits.
 */
@NullMarked
package io.waymark.gateway.reject;

import org.jspecify.annotations.NullMarked;
