package io.waymark.resolver.admin;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a change needs to be allowed.
 *
 * @param bits of {@link AdminRecord}: other ones for values that say who administers than for the rest
 * @param readOnly the index of a touched value that nobody may write
 * @see "RFC 3652 §3.4 Handle Administration"
 */
record NeededPermissions(int bits, Optional<Integer> readOnly) {
    private static final NeededPermissions NONE = new NeededPermissions(0, Optional.empty());

    static NeededPermissions toAdd(List<HandleValue> added, Optional<List<HandleValue>> current, boolean overwrite) {
        return overwrite ? toSet(added, current) : toAdd(added);
    }

    private static NeededPermissions toAdd(List<HandleValue> added) {
        int bits = added.isEmpty() ? AdminRecord.ADD_VALUE : 0;
        for (HandleValue v : added) {
            bits |= AdminPermissions.isAdmin(v) ? AdminRecord.ADD_ADMIN : AdminRecord.ADD_VALUE;
        }
        return new NeededPermissions(bits, Optional.empty());
    }

    static NeededPermissions toModify(List<HandleValue> changed, Optional<List<HandleValue>> current) {
        List<Integer> indexes = changed.stream().map(HandleValue::index).toList();
        NeededPermissions needed = touching(indexes, current, AdminRecord.MODIFY_VALUE, AdminRecord.MODIFY_ADMIN);
        boolean becomesAdmin = changed.stream().anyMatch(AdminPermissions::isAdmin);
        return becomesAdmin ? new NeededPermissions(needed.bits | AdminRecord.MODIFY_ADMIN, needed.readOnly) : needed;
    }

    /** To change what is there and add what is not. */
    static NeededPermissions toSet(List<HandleValue> wanted, Optional<List<HandleValue>> current) {
        List<Integer> present =
                current.orElse(List.of()).stream().map(HandleValue::index).toList();
        Map<Boolean, List<HandleValue>> isPresent =
                wanted.stream().collect(Collectors.partitioningBy(v -> present.contains(v.index())));
        List<HandleValue> changed = isPresent.getOrDefault(true, List.of());
        List<HandleValue> added = isPresent.getOrDefault(false, List.of());
        NeededPermissions toChange = changed.isEmpty() ? NONE : toModify(changed, current);
        NeededPermissions toAdd = added.isEmpty() && !changed.isEmpty() ? NONE : toAdd(added);
        return new NeededPermissions(toChange.bits | toAdd.bits, toChange.readOnly);
    }

    static NeededPermissions toRemove(List<Integer> indexes, Optional<List<HandleValue>> current) {
        return touching(indexes, current, AdminRecord.REMOVE_VALUE, AdminRecord.REMOVE_ADMIN);
    }

    private static NeededPermissions touching(
            List<Integer> indexes, Optional<List<HandleValue>> current, int forValue, int forAdmin) {
        int bits = 0;
        int touched = 0;
        Optional<Integer> readOnly = Optional.empty();
        for (HandleValue v : current.orElse(List.of())) {
            if (indexes.contains(v.index())) {
                touched++;
                bits |= needed(v, forValue, forAdmin);
                readOnly = isWritable(v) ? readOnly : Optional.of(v.index());
            }
        }
        // whoever names a value that is not there must be allowed to know that
        boolean allThere = touched > 0 && touched == indexes.size();
        return new NeededPermissions(allThere ? bits : bits | forValue, readOnly);
    }

    /** What everybody may write everybody may change, but not remove. */
    private static int needed(HandleValue v, int forValue, int forAdmin) {
        if (AdminPermissions.isAdmin(v)) {
            return forAdmin;
        }
        boolean free = forValue == AdminRecord.MODIFY_VALUE && (v.permissions() & Permissions.PUBLIC_WRITE) != 0;
        return free ? 0 : forValue;
    }

    private static boolean isWritable(HandleValue v) {
        return (v.permissions() & (Permissions.ADMIN_WRITE | Permissions.PUBLIC_WRITE)) != 0;
    }
}
