package io.waymark.storage.spool;

import org.jspecify.annotations.Nullable;

/**
 * What one commit must make durable together.
 *
 * @param message appended to the spool, or null
 * @param session state changed in the same batch, or null
 */
public record SpoolWrite(
        @Nullable SpoolMessage message, @Nullable SessionWrite session) {
    /** A change of one client's session state. */
    public sealed interface SessionWrite {
        /** The MQTT client identifier. */
        String clientId();

        /** Remembers an inbound QoS 2 packet identifier until its PUBREL. */
        record AddQos2(String clientId, int packetId) implements SessionWrite {}

        /** PUBREL arrived: the identifier is free again. */
        record RemoveQos2(String clientId, int packetId) implements SessionWrite {}

        /** Stores the session's own record (subscriptions, expiry), opaque to the store. */
        record PutSession(String clientId, byte[] state) implements SessionWrite {}

        /** Forgets session record and QoS 2 identifiers. */
        record DeleteSession(String clientId) implements SessionWrite {}
    }
}
