/**
 * Kafka for this node: a real single-node broker in this process ({@link io.waymark.platform.kafka.EmbeddedKafka}), and
 * the topics every service counts on ({@link io.waymark.platform.kafka.Topics}).
 */
@NullMarked
package io.waymark.platform.kafka;

import org.jspecify.annotations.NullMarked;
