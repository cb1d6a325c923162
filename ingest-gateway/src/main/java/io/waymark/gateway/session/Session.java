package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Will;
import io.waymark.storage.queue.SessionQueue;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lives on between the connections of one client. Created and ended by {@link SessionTable}. Any thread.
 *
 * @see "MQTT 5.0 §4.1 Session State"
 */
public final class Session implements Subscriber {
    private final ClientKey key;
    private final InboundQos2 inbound = new InboundQos2();
    private final OutboundQueue outbound;
    private final Map<String, Subscription> subscriptions = new TreeMap<>();
    private long expirySeconds;
    private byte @Nullable [] stored;
    private volatile @Nullable SessionOwner owner;
    private volatile String group = "";

    // valid while nobody is connected; guarded by the session table
    long endsAtNanos;
    long expiresAtNanos;
    SessionTable.@Nullable Burial burial;
    /** Its device was deleted: nobody gets it any more. */
    boolean forgotten;

    @Nullable
    Will delayedWill;

    Session(ClientKey key, long expirySeconds, OutboundQueue outbound) {
        this.key = key;
        this.expirySeconds = expirySeconds;
        this.outbound = outbound;
    }

    /** Whose it is. */
    public ClientKey key() {
        return key;
    }

    /** QoS 2 messages from the client. */
    public InboundQos2 inbound() {
        return inbound;
    }

    /** Messages for the client. */
    public OutboundQueue outbound() {
        return outbound;
    }

    /** Device group its messages are counted under; empty until a client connected. */
    public String group() {
        return group;
    }

    /** The client that connected belongs to this group. */
    public void group(String ofClient) {
        group = ofClient;
    }

    /** The connection that holds it, or null. */
    public @Nullable SessionOwner owner() {
        return owner;
    }

    void owner(@Nullable SessionOwner connection) {
        owner = connection;
    }

    /** How long it outlives its connection; 0 = not at all. */
    public synchronized long expirySeconds() {
        return expirySeconds;
    }

    /** CONNECT or DISCONNECT said how long it outlives its connection. */
    public synchronized void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    /** Whether it must survive a crash. */
    public boolean isPersistent() {
        return expirySeconds() > 0;
    }

    /** Adds or replaces; false when the client already has this filter. */
    public synchronized boolean subscribed(Subscription subscription) {
        return subscriptions.put(subscription.filter(), subscription) == null;
    }

    /** Removes; false when there was no such filter. */
    public synchronized boolean unsubscribed(String filter) {
        return subscriptions.remove(filter) != null;
    }

    /** Number of subscriptions. */
    public synchronized int subscriptionCount() {
        return subscriptions.size();
    }

    /** Whether the client has this filter. */
    public synchronized boolean isSubscribed(String filter) {
        return subscriptions.containsKey(filter);
    }

    /** A copy. */
    public synchronized Collection<Subscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    /**
     * The record to write now so that the store knows this session as it is, or null when it does already. The caller writes
     * what this returns; the next call compares with it.
     */
    public synchronized byte @Nullable [] recordToStore() {
        SessionQueue queue = outbound.stored();
        byte[] record = SessionRecord.encode(expirySeconds, queue == null ? 0 : queue.number(), subscriptions.values());
        if (stored != null && Arrays.equals(stored, record)) {
            return null;
        }
        stored = record;
        return record;
    }

    /** The record {@link #recordToStore} returned was not written. */
    public synchronized void notStored() {
        stored = null;
    }

    /** Whether the store holds something of it. */
    public synchronized boolean isStored() {
        return stored != null;
    }

    synchronized void restored(byte[] record) {
        stored = record;
    }

    @Override
    public String toString() {
        return "Session[" + key + "]";
    }
}
