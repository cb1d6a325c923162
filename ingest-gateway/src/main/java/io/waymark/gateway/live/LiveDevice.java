package io.waymark.gateway.live;

import io.waymark.storage.device.DeviceGroup.Quota;
import java.util.ArrayList;
import java.util.List;

/** A device while it has connections. The list is guarded by the map of devices, the buckets by themselves. */
final class LiveDevice {
    final RateBucket messages = new RateBucket();
    final RateBucket bytes = new RateBucket();
    /** Replaced, never changed. */
    volatile List<Admission> admissions = List.of();
    /** Of registered connections that have left while others stayed. */
    private volatile long departedMessageMillis;

    void add(Admission admission) {
        List<Admission> more = new ArrayList<>(admissions);
        more.add(admission);
        admissions = List.copyOf(more);
    }

    void remove(Admission admission) {
        List<Admission> fewer = new ArrayList<>(admissions);
        fewer.remove(admission);
        admissions = List.copyOf(fewer);
        if (admission.isRegistered()) {
            departedMessageMillis = Math.max(departedMessageMillis, admission.lastMessageMillis());
        }
    }

    /** When its last message came over any connection of its present stay, ms; 0 = none yet. Anonymous clients are others. */
    long lastMessageMillis() {
        return admissions.stream()
                .filter(Admission::isRegistered)
                .mapToLong(Admission::lastMessageMillis)
                .reduce(departedMessageMillis, Math::max);
    }

    /** Whether one more client fits; one that comes again under its identifier replaces its own connection. */
    boolean hasRoom(Quota quota, String clientId) {
        int most = quota.deviceConnections();
        return most == 0
                || isReplacement(clientId)
                || admissions.stream().map(Admission::clientId).distinct().count() < most;
    }

    boolean isReplacement(String clientId) {
        return admissions.stream().anyMatch(known -> known.clientId().equals(clientId));
    }

    void forgive() {
        messages.forgive();
        bytes.forgive();
    }
}
