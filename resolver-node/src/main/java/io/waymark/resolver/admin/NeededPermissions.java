package io.waymark.resolver.admin;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import java.util.List;
import java.util.Optional;

/**
 * What a change needs to be allowed.
 *
 * @param bits of {@link AdminRecord}: other ones for values that say who administers than for the rest
 * @param readOnly the index of a touched value that nobody may write
 * @see "RFC 3652 §3.4 Handle Administration"
 */
record NeededPermissions(int bits, Optional<Integer> readOnly) {
    static NeededPermissions toAdd(List<HandleValue> added, Optional<List<HandleValue>> current, boolean overwrite) {
        int bits = 0;
        for (HandleValue v : added) {
            bits |= AdminPermissions.isAdmin(v) ? AdminRecord.ADD_ADMIN : AdminRecord.ADD_VALUE;
        }
        NeededPermissions replaced = overwrite ? toModify(added, current) : new NeededPermissions(0, Optional.empty());
        return new NeededPermissions(bits | replaced.bits, replaced.readOnly);
    }

    static NeededPermissions toModify(List<HandleValue> changed, Optional<List<HandleValue>> current) {
        List<Integer> indexes = changed.stream().map(HandleValue::index).toList();
        NeededPermissions needed = touching(indexes, current, AdminRecord.MODIFY_VALUE, AdminRecord.MODIFY_ADMIN);
        boolean becomesAdmin = changed.stream().anyMatch(AdminPermissions::isAdmin);
        return becomesAdmin ? new NeededPermissions(needed.bits | AdminRecord.MODIFY_ADMIN, needed.readOnly) : needed;
    }

    static NeededPermissions toRemove(List<Integer> indexes, Optional<List<HandleValue>> current) {
        return touching(indexes, current, AdminRecord.REMOVE_VALUE, AdminRecord.REMOVE_ADMIN);
    }

    private static NeededPermissions touching(
            List<Integer> indexes, Optional<List<HandleValue>> current, int forValue, int forAdmin) {
        int bits = 0;
        Optional<Integer> readOnly = Optional.empty();
        for (HandleValue v : current.orElse(List.of())) {
            if (indexes.contains(v.index())) {
                bits |= AdminPermissions.isAdmin(v) ? forAdmin : forValue;
                readOnly = isWritable(v) ? readOnly : Optional.of(v.index());
            }
        }
        return new NeededPermissions(bits, readOnly);
    }

    private static boolean isWritable(HandleValue v) {
        return (v.permissions() & (Permissions.ADMIN_WRITE | Permissions.PUBLIC_WRITE)) != 0;
    }
}
