package io.waymark.trace.topology;

import org.jspecify.annotations.Nullable;

/**
 * A record on its way to a topic.
 *
 * @param topic where to
 * @param value what
 */
record Outgoing(String topic, byte @Nullable [] value) {}
