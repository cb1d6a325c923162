package io.waymark.gateway.packet;

/**
 * One topic filter with its options.
 *
 * @param filter as the client wrote it
 * @param qos highest QoS it wants, 0..2
 * @param noLocal do not send it its own messages
 * @param retainAsPublished keep the RETAIN flag of live messages
 * @param retainHandling 0 send retained messages, 1 only for a new subscription, 2 never
 * @param identifier 1..268435455, or 0 for none
 * @see "MQTT 5.0 §3.8.3.1"
 */
public record Subscription(
        String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling, int identifier) {
    /** The same options for another filter. */
    public Subscription withFilter(String other) {
        return new Subscription(other, qos, noLocal, retainAsPublished, retainHandling, identifier);
    }

    /** The same with at most this QoS. */
    public Subscription withQosMax(int max) {
        return qos <= max
                ? this
                : new Subscription(filter, max, noLocal, retainAsPublished, retainHandling, identifier);
    }
}
