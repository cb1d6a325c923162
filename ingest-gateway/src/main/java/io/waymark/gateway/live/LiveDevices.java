package io.waymark.gateway.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.Credential;
import io.waymark.gateway.access.RegistryListener;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All connections by device. A change of the registry reaches them in whatever order it and a CONNECT fall: the change is counted
 * before connections are looked for, and a connection that is let in looks at the count once more after it can be found.
 */
public final class LiveDevices implements RegistryListener {
    private final Map<String, LiveDevice> devices = new ConcurrentHashMap<>();
    private final Map<String, GroupLoad> groups = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final AccessRules rules;
    private final LiveMetrics metrics;
    private final LiveTail tail;
    private final List<ConnectionWatcher> watchers = new CopyOnWriteArrayList<>();
    private final Clock clock;

    /**
     * @param rules of the settings
     * @param registry gets {@code waymark.gateway.devices.*} and {@code waymark.gateway.quota.*}
     * @param clock says since when a device is connected
     */
    public LiveDevices(AccessRules rules, MeterRegistry registry, Clock clock) {
        this.rules = rules;
        this.clock = clock;
        this.metrics = new LiveMetrics(registry, devices::size);
        this.tail = new LiveTail(registry);
        watchers.add(tail);
    }

    AccessRules rules() {
        return rules;
    }

    LiveMetrics metrics() {
        return metrics;
    }

    /** For those who want to see it. */
    public LiveTail tail() {
        return tail;
    }

    /** Tells this one who comes and goes from now on. */
    public void watch(ConnectionWatcher watcher) {
        watchers.add(watcher);
    }

    /** CONNACK is on its way. */
    public void connected(Admission admission) {
        long now = clock.millis();
        watchers.forEach(watcher -> watcher.connected(admission, now));
    }

    /** One that was {@link #connected} is over and has left. */
    public void disconnected(Admission admission, String reason) {
        long now = clock.millis();
        boolean last = of(admission.arrival().deviceId()).isEmpty();
        watchers.forEach(watcher -> watcher.disconnected(admission, last, reason, now));
    }

    /** A CONNECT was not accepted. */
    public void refused(Refusal refusal) {
        long now = clock.millis();
        watchers.forEach(watcher -> watcher.refused(refusal, now));
    }

    /** Devices that are connected now. */
    public Set<String> ids() {
        return devices.keySet();
    }

    /** How many changes there were; asked before credentials are checked. */
    public long changes() {
        return changes.get();
    }

    /**
     * Lets a connection in, if the quotas have room for it.
     *
     * @param recheck told the device id when something has changed since the credentials were checked: {@link #recheck} is then
     *     to be called with what the device is now
     */
    public Entry admit(Arrival arrival, LiveConnection connection, Consumer<String> recheck) {
        Entry[] entry = new Entry[1];
        GroupLoad group = group(arrival.group());
        devices.compute(arrival.deviceId(), (id, known) -> {
            LiveDevice device = known == null ? new LiveDevice() : known;
            entry[0] = admit(arrival, connection, device, group);
            return device.admissions.isEmpty() ? null : device;
        });
        if (arrival.isRegistered() && changes.get() != arrival.changes()) {
            recheck.accept(arrival.deviceId());
        }
        return entry[0];
    }

    private Entry admit(Arrival arrival, LiveConnection connection, LiveDevice device, GroupLoad group) {
        if (!device.hasRoom(group.quota(), arrival.clientId())) {
            return new Entry.OverQuota(
                    "device_connections",
                    "a device of group " + group.name + " may have at most "
                            + group.quota().deviceConnections() + " connections");
        }
        if (device.isReplacement(arrival.clientId())) {
            group.connections.incrementAndGet();
        } else if (!group.enter()) {
            return new Entry.OverQuota(
                    "group_connections",
                    "group " + group.name + " may have at most " + group.quota().connections() + " connections");
        }
        Admission admission = new Admission(this, arrival, device, group, connection, clock.millis());
        device.add(admission);
        return admission;
    }

    GroupLoad group(String name) {
        return groups.computeIfAbsent(name, GroupLoad::new);
    }

    /** The device while it has connections, else null. */
    @Nullable
    LiveDevice connected(String deviceId) {
        return devices.get(deviceId);
    }

    void leave(Admission admission) {
        devices.computeIfPresent(admission.arrival().deviceId(), (id, device) -> {
            if (admission.leaves()) {
                device.remove(admission);
            }
            return device.admissions.isEmpty() ? null : device;
        });
    }

    /** The connections of a device now. */
    public List<Admission> of(String deviceId) {
        LiveDevice device = devices.get(deviceId);
        return device == null ? List.of() : device.admissions;
    }

    /** The connections of a registered device now; an anonymous client of the same name is somebody else. */
    public List<Admission> ofRegistered(String deviceId) {
        return of(deviceId).stream().filter(Admission::isRegistered).toList();
    }

    // ---- changes

    @Override
    public void changed(String id, @Nullable Device now) {
        changes.incrementAndGet();
        recheck(id, now);
    }

    /** Makes the connections of a device follow what it is now; null = it is deleted. */
    public void recheck(String id, @Nullable Device now) {
        devices.computeIfPresent(id, (key, device) -> {
            device.admissions.forEach(admission -> follow(admission, now));
            return device;
        });
    }

    private void follow(Admission admission, @Nullable Device now) {
        if (!admission.isRegistered()) {
            return;
        }
        Credential credential = admission.arrival().credential();
        String why = now == null
                ? "the device has been deleted"
                : !now.enabled()
                        ? "the device has been disabled"
                        : credential.stillProves(now) ? "" : "the device has other credentials now";
        if (!why.isEmpty()) {
            metrics.dismissed.increment();
            admission.connection().dismiss(why, now == null);
        } else if (now != null && !now.group().equals(admission.group())) {
            admission.move(group(now.group()));
            refresh(admission);
        }
    }

    private void refresh(Admission admission) {
        metrics.refreshed.increment();
        admission.changed();
        admission.connection().refresh();
    }

    @Override
    public void groupChanged(String name, @Nullable DeviceGroup now) {
        GroupLoad group = group(name);
        group.changed(now);
        for (LiveDevice device : devices.values()) {
            for (Admission admission : device.admissions) {
                if (admission.load() == group) {
                    device.forgive();
                    refresh(admission);
                }
            }
        }
    }
}
