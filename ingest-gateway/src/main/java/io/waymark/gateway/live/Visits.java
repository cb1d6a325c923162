package io.waymark.gateway.live;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.waymark.gateway.access.Permissions;
import io.waymark.storage.device.DeviceGroup.Quota;
import java.time.Duration;

/**
 * Devices that come without staying, over HTTP: the same rules and quotas as for connections, but what is beyond a quota is
 * refused, for nobody can be made to read more slowly. Any thread.
 */
public final class Visits {
    /** As long as a quota remembers; a device forgotten sooner owes nothing. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final int VISITORS_MAX = 50_000;

    private final LiveDevices devices;
    private final Cache<String, LiveDevice> visitors = Caffeine.newBuilder()
            .maximumSize(VISITORS_MAX)
            .expireAfterAccess(REMEMBERED)
            .build();

    /** @param devices those with connections: they share their quotas with what comes without */
    public Visits(LiveDevices devices) {
        this.devices = devices;
    }

    /** Where what it sends is shown. */
    public LiveTail tail() {
        return devices.tail();
    }

    /** What the device may do, by the rules as they are now. */
    public Permissions permissions(String group, String deviceId) {
        return devices.rules().of(devices.group(group).registered(), group, deviceId, "");
    }

    /**
     * Counts messages against the quotas, unless these are used up.
     *
     * @return nanoseconds until messages may come again, 0 = they were counted
     */
    public long charge(String group, String deviceId, int messages, long octets, long nowNanos) {
        GroupLoad load = devices.group(group);
        Quota quota = load.quota();
        if (!quota.hasRate()) {
            return 0;
        }
        LiveDevice connected = devices.connected(deviceId);
        LiveDevice device = connected == null ? visitors.get(deviceId, id -> new LiveDevice()) : connected;
        long wait = Math.max(
                Math.max(load.messages.owed(nowNanos), load.bytes.owed(nowNanos)),
                Math.max(device.messages.owed(nowNanos), device.bytes.owed(nowNanos)));
        if (wait == 0) {
            take(load.messages, nowNanos, messages, quota.messages());
            take(load.bytes, nowNanos, octets, quota.bytes());
            take(device.messages, nowNanos, messages, quota.deviceMessages());
            take(device.bytes, nowNanos, octets, quota.deviceBytes());
        }
        return wait;
    }

    private static void take(RateBucket bucket, long nowNanos, long amount, long perSecond) {
        if (perSecond > 0) {
            bucket.take(nowNanos, amount, perSecond);
        }
    }
}
