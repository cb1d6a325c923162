package io.waymark.gateway.bridge;

import java.util.List;

/** One connection to an upstream, by one of the Paho clients; used once. */
interface Upstream {
    /** What a connection brings. Called on Paho's threads. */
    interface Listener {
        /** A message of QoS 0 or 1; may block, which stops the reading of the connection. */
        void arrived(Arrival message);

        /** A message of QoS 2; returns when it and its identifier are durable. */
        void store(Arrival message) throws InterruptedException, UpstreamException;

        /** The upstream has released a QoS 2 identifier; returns when that is durable. */
        void release(int packetId) throws InterruptedException, UpstreamException;

        /** The connection has ended. */
        void lost(String why);
    }

    /** Connects; whether the upstream still has the bridge's session. */
    boolean connect() throws UpstreamException;

    /** Subscribes; false if the upstream refuses the filter. */
    boolean subscribe(String filter) throws UpstreamException;

    /** Unsubscribes. */
    void unsubscribe(List<String> filters) throws UpstreamException;

    /** Sends the PUBACK of a QoS 1 message. Any thread. */
    void acknowledge(int packetId) throws UpstreamException;

    /** Says goodbye when asked to, and ends the connection. */
    void close(boolean goodbye);
}
