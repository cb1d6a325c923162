package io.waymark.gateway.live;

import io.waymark.gateway.access.Permissions;
import io.waymark.storage.device.DeviceGroup.Quota;

/**
 * A connection that was let in, until it is {@link #leave left}. {@link #charge} and {@link #permissions} on the event loop of the
 * connection, the rest on any thread.
 */
public final class Admission implements Entry {
    private final LiveDevices devices;
    private final Arrival arrival;
    private final LiveDevice device;
    private final LiveConnection connection;
    private final long sinceMillis;
    private volatile GroupLoad group;
    private volatile long lastMessageMillis;
    private volatile int version;
    private boolean left;

    Admission(
            LiveDevices devices,
            Arrival arrival,
            LiveDevice device,
            GroupLoad group,
            LiveConnection connection,
            long sinceMillis) {
        this.devices = devices;
        this.arrival = arrival;
        this.device = device;
        this.group = group;
        this.connection = connection;
        this.sinceMillis = sinceMillis;
    }

    /** Who came. */
    public Arrival arrival() {
        return arrival;
    }

    /** Its device group now. */
    public String group() {
        return group.name;
    }

    String clientId() {
        return arrival.clientId();
    }

    LiveConnection connection() {
        return connection;
    }

    LiveDevice device() {
        return device;
    }

    GroupLoad load() {
        return group;
    }

    /** When it was admitted, milliseconds since 1970 UTC. */
    public long sinceMillis() {
        return sinceMillis;
    }

    /** When its last message came, milliseconds since 1970 UTC; 0 = none yet. */
    public long lastMessageMillis() {
        return lastMessageMillis;
    }

    /** The same for the device, over all its connections since it was last away. */
    public long deviceLastMessageMillis() {
        return Math.max(lastMessageMillis, device.lastMessageMillis());
    }

    /** Whether the device has proved who it is. */
    public boolean isRegistered() {
        return arrival.isRegistered();
    }

    /** Another number whenever {@link #permissions} may have changed. */
    public int version() {
        return version;
    }

    /** Under a lock: what it may do has changed. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by whoever changes the registry, one after the other
    void changed() {
        version++;
    }

    /** What it may do, by the rules as they are now. */
    public Permissions permissions() {
        return devices.rules().of(group.registered(), group.name, arrival.deviceId(), arrival.clientId());
    }

    /**
     * A message was taken from it.
     *
     * @param nowMillis when it was read
     * @param octets of its payload
     * @return nanoseconds for which nothing more is to be read from it, 0 = read on
     */
    public long charge(long nowMillis, int octets) {
        lastMessageMillis = nowMillis;
        GroupLoad load = group;
        Quota quota = load.quota();
        return quota.hasRate() ? charge(load, quota, System.nanoTime(), octets) : 0;
    }

    private long charge(GroupLoad load, Quota quota, long nowNanos, int octets) {
        LiveMetrics metrics = devices.metrics();
        long wait = take(load.messages, nowNanos, 1, quota.messages(), metrics.groupMessages);
        wait = Math.max(wait, take(load.bytes, nowNanos, octets, quota.bytes(), metrics.groupBytes));
        wait = Math.max(wait, take(device.messages, nowNanos, 1, quota.deviceMessages(), metrics.deviceMessages));
        return Math.max(wait, take(device.bytes, nowNanos, octets, quota.deviceBytes(), metrics.deviceBytes));
    }

    private static long take(
            RateBucket bucket,
            long nowNanos,
            long amount,
            long perSecond,
            io.micrometer.core.instrument.Counter slowed) {
        long wait = perSecond == 0 ? 0 : bucket.take(nowNanos, amount, perSecond);
        if (wait > 0) {
            slowed.increment();
        }
        return wait;
    }

    /** Under the lock of the device: it is in another group now. */
    void move(GroupLoad to) {
        group.connections.decrementAndGet();
        to.connections.incrementAndGet();
        group = to;
    }

    /** Under the lock of the device: whether it is the first time. */
    boolean leaves() {
        boolean first = !left;
        left = true;
        if (first) {
            group.connections.decrementAndGet();
        }
        return first;
    }

    /** The connection is over. Again does nothing. */
    public void leave() {
        devices.leave(this);
    }
}
