package io.waymark.storage.device;

import java.util.List;
import java.util.Optional;

/**
 * What the devices of one group have in common.
 *
 * @param name the group of its devices
 * @param rules who of it may publish and subscribe where, the first that applies decides; absent = the rules of the settings
 * @param quota how much of everything they may have
 * @param createdAtMillis milliseconds since 1970 UTC
 */
public record DeviceGroup(String name, Optional<List<Rule>> rules, Quota quota, long createdAtMillis) {
    /** Copies the rules. */
    public DeviceGroup {
        rules = rules.map(List::copyOf);
    }

    /**
     * One rule.
     *
     * @param allows or denies
     * @param publish whether it is about publishing
     * @param subscribe whether it is about subscribing
     * @param filter topic filter; {@code %c}, {@code %u} and {@code %g} stand for client identifier, device id and group
     */
    public record Rule(boolean allows, boolean publish, boolean subscribe, String filter) {}

    /**
     * Bounds; 0 = none.
     *
     * @param connections of the whole group
     * @param deviceConnections of one device
     * @param messages of the whole group in a second
     * @param bytes payload octets of the whole group in a second
     * @param deviceMessages of one device in a second
     * @param deviceBytes payload octets of one device in a second
     */
    public record Quota(
            int connections, int deviceConnections, long messages, long bytes, long deviceMessages, long deviceBytes) {
        /** No bounds. */
        public static final Quota NONE = new Quota(0, 0, 0, 0, 0, 0);

        /** Whether there is a bound in time. */
        public boolean hasRate() {
            return (messages | bytes | deviceMessages | deviceBytes) != 0;
        }
    }
}
