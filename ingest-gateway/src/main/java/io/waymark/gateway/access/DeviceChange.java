package io.waymark.gateway.access;

import java.util.List;
import java.util.Optional;

/**
 * What is to become different about a device; absent = stays.
 *
 * @param group to move it to
 * @param enabled whether it may connect
 * @param certificates that stand for it from now on
 */
public record DeviceChange(Optional<String> group, Optional<Boolean> enabled, Optional<List<String>> certificates) {
    /** Brings the certificates into their one form. */
    public DeviceChange {
        group.ifPresent(DeviceChecks::requireGroup);
        certificates = certificates.map(DeviceChecks::certificates);
    }
}
