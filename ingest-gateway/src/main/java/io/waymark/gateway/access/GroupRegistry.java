package io.waymark.gateway.access;

import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import io.waymark.storage.device.DeviceStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Groups of devices: what may be published and subscribed, and how much. A device may be in a group that is not registered:
 * for it hold the rules of the settings, without quotas. A change is durable on return and the listeners have been told. Any
 * thread but an event loop.
 */
public final class GroupRegistry {
    /** Most groups. */
    public static final int GROUPS_MAX = 10_000;
    /** Most rules of one group. */
    public static final int RULES_MAX = 256;
    /** Longest filter of a rule in characters. */
    public static final int FILTER_MAX = 1_024;
    /** The largest bound in a second that can be counted exactly. */
    public static final long RATE_MAX = 1_000_000_000L;

    private final DeviceStore store;
    private final Clock clock;
    private final Map<String, DeviceGroup> groups = new TreeMap<>();
    private final List<RegistryListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param store keeps the groups
     * @param clock for the time of creation
     */
    public GroupRegistry(DeviceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        store.groups().forEach(group -> groups.put(group.name(), group));
    }

    /** Tells this one what there is and then of every change. */
    public synchronized void listen(RegistryListener listener) {
        listeners.add(listener);
        groups.forEach(listener::groupChanged);
    }

    /** All, in order of name. */
    public synchronized List<DeviceGroup> list() {
        return List.copyOf(groups.values());
    }

    /** The group of this name. */
    public synchronized Optional<DeviceGroup> find(String name) {
        return Optional.ofNullable(groups.get(name));
    }

    /**
     * Registers a group.
     *
     * @param rules of its own; absent = those of the settings
     * @throws GroupExistsException if the name is taken
     * @throws IllegalArgumentException naming the value and its bound
     */
    public synchronized DeviceGroup create(String name, Optional<List<Rule>> rules, Quota quota) {
        DeviceChecks.requireGroup(name);
        if (groups.containsKey(name)) {
            throw new GroupExistsException(name);
        }
        if (groups.size() >= GROUPS_MAX) {
            throw new IllegalArgumentException("there may be at most " + GROUPS_MAX + " groups and there are as many");
        }
        return put(new DeviceGroup(name, rules, quota, clock.millis()));
    }

    /**
     * Replaces rules and quota; empty if there is no such group.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    public synchronized Optional<DeviceGroup> change(String name, Optional<List<Rule>> rules, Quota quota) {
        return find(name).map(group -> put(new DeviceGroup(name, rules, quota, group.createdAtMillis())));
    }

    private DeviceGroup put(DeviceGroup group) {
        group.rules().ifPresent(GroupRegistry::check);
        check(group.quota());
        store.putGroup(group);
        groups.put(group.name(), group);
        tell(group.name(), group);
        return group;
    }

    /**
     * Forgets the group; false if there is none.
     *
     * @throws GroupInUseException while devices are in it
     */
    public synchronized boolean delete(String name, DeviceRegistry devices) {
        if (!groups.containsKey(name)) {
            return false;
        }
        List<Device> inIt = devices.list("", 1, device -> device.group().equals(name));
        if (!inIt.isEmpty()) {
            throw new GroupInUseException(name, inIt.get(0).id());
        }
        store.deleteGroup(name);
        groups.remove(name);
        tell(name, null);
        return true;
    }

    private void tell(String name, @Nullable DeviceGroup now) {
        listeners.forEach(listener -> listener.groupChanged(name, now));
    }

    private static void check(List<Rule> rules) {
        if (rules.size() > RULES_MAX) {
            throw new IllegalArgumentException(
                    "a group may have at most " + RULES_MAX + " rules but has " + rules.size());
        }
        for (Rule rule : rules) {
            if (rule.filter().length() > FILTER_MAX || !AccessRule.isFilter(rule.filter())) {
                throw new IllegalArgumentException("a rule's filter must be a topic filter of at most " + FILTER_MAX
                        + " characters but was " + rule.filter());
            }
        }
    }

    private static void check(Quota quota) {
        require("connections", quota.connections(), Integer.MAX_VALUE);
        require("deviceConnections", quota.deviceConnections(), Integer.MAX_VALUE);
        require("messagesPerSecond", quota.messages(), RATE_MAX);
        require("bytesPerSecond", quota.bytes(), RATE_MAX);
        require("deviceMessagesPerSecond", quota.deviceMessages(), RATE_MAX);
        require("deviceBytesPerSecond", quota.deviceBytes(), RATE_MAX);
    }

    private static void require(String what, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " must be in 0.." + max + ", 0 for no bound, but was " + value);
        }
    }
}
