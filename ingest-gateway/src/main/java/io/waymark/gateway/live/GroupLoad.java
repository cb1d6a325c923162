package io.waymark.gateway.live;

import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceGroup.Quota;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a group is allowed and what it uses of that. Any thread. */
final class GroupLoad {
    final String name;
    final AtomicInteger connections = new AtomicInteger();
    final RateBucket messages = new RateBucket();
    final RateBucket bytes = new RateBucket();
    private volatile @Nullable DeviceGroup registered;
    private volatile Quota quota = Quota.NONE;

    GroupLoad(String name) {
        this.name = name;
    }

    /** Null while it is not registered. */
    @Nullable
    DeviceGroup registered() {
        return registered;
    }

    Quota quota() {
        return quota;
    }

    void changed(@Nullable DeviceGroup now) {
        registered = now;
        quota = now == null ? Quota.NONE : now.quota();
        messages.forgive();
        bytes.forgive();
    }

    /** Counts a connection unless there are as many as may be. */
    boolean enter() {
        int most = quota.connections();
        int before = connections.getAndUpdate(open -> most == 0 || open < most ? open + 1 : open);
        return most == 0 || before < most;
    }
}
