/**
 * Existing brokers as a source: Eclipse Paho clients subscribe to them, and what they send takes the way of every other message.
 * An upstream is acknowledged only when the spool has fsynced the message, in the order of arrival, with a bounded number of
 * messages under way. Each bridge has a thread that keeps its connection and one that acknowledges; callbacks come on Paho's
 * threads, outcomes of writes on the spool's.
 *
 * @see "MQTT 3.1.1 and 5.0, §4.3 Quality of Service levels, §4.4 Message delivery retry"
 */
@org.jspecify.annotations.NullMarked
package io.waymark.gateway.bridge;
