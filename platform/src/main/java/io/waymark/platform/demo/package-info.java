/**
 * {@code waymark demo}: a story told by a real node. A node is started as a process of its own; devices speak MQTT and HTTP
 * with it through the Paho clients, a Handle client resolves, Kafka is read back, the timeline is queried and drawn. Every
 * number shown was measured in the run; a step that did not really happen ends the story with its name. One thread.
 */
@NullMarked
package io.waymark.platform.demo;

import org.jspecify.annotations.NullMarked;
