package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.ResponseCode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What an administrator may do to a record, by the {@code HS_ADMIN} values in it. A value may name a key or a group: a value
 * of type {@code HS_VLIST}, whose members may be groups again.
 *
 * @see "RFC 3651 §3.2.1 and §3.2.7"
 */
public final class AdminPermissions {
    /** Most references followed while looking for one administrator, so that groups cannot lead in circles or far. */
    private static final int LOOKUPS_MAX = 64;

    private final Function<Handle, Optional<List<HandleValue>>> records;

    /**
     * @param records finds groups
     */
    public AdminPermissions(Function<Handle, Optional<List<HandleValue>>> records) {
        this.records = records;
    }

    /**
     * Judges.
     *
     * @param administered the values of the record that says who administers it
     * @param needed bits of {@link AdminRecord}
     * @return SUCCESS; INVALID_ADMIN if no value names him; INSUFFICIENT_PERMISSIONS if those that do grant too little
     */
    public ResponseCode judge(List<HandleValue> administered, ValueReference identity, int needed) {
        boolean named = false;
        int budget = LOOKUPS_MAX;
        for (HandleValue value : administered) {
            Optional<AdminRecord> admin = admin(value);
            Set<ValueReference> visited = new HashSet<>(); // a group may be named twice, with other permissions
            if (admin.isPresent() && includes(admin.get().reference(), identity, visited, budget)) {
                named = true;
                if (admin.get().allows(needed)) {
                    return ResponseCode.SUCCESS;
                }
            }
            budget -= visited.size();
        }
        return named ? ResponseCode.INSUFFICIENT_PERMISSIONS : ResponseCode.INVALID_ADMIN;
    }

    /** Whether one of the references is this identity, or a group it belongs to. */
    public boolean includesAny(List<ValueReference> named, ValueReference identity) {
        Set<ValueReference> visited = new HashSet<>();
        return named.stream().anyMatch(reference -> includes(reference, identity, visited, LOOKUPS_MAX));
    }

    /** Whether any of the values names an administrator. */
    public static boolean anyIn(List<HandleValue> values) {
        return values.stream().anyMatch(v -> admin(v).isPresent());
    }

    /** Whether the value says who administers. */
    public static boolean isAdmin(HandleValue value) {
        return Handle.foldAscii(value.type()).equals(AdminRecord.TYPE);
    }

    private static Optional<AdminRecord> admin(HandleValue value) {
        if (!isAdmin(value)) {
            return Optional.empty();
        }
        try {
            return Optional.of(AdminRecord.decode(value.data()));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    private boolean includes(ValueReference named, ValueReference identity, Set<ValueReference> visited, int budget) {
        if (isSame(named, identity)) {
            return true;
        }
        if (visited.size() >= budget || !visited.add(folded(named))) {
            return false;
        }
        return members(named).stream().anyMatch(member -> includes(member, identity, visited, budget));
    }

    private static boolean isSame(ValueReference named, ValueReference identity) {
        return (named.index() == 0 || named.index() == identity.index())
                && Handle.foldAscii(named.handle()).equals(Handle.foldAscii(identity.handle()));
    }

    private static ValueReference folded(ValueReference r) {
        return new ValueReference(Handle.foldAscii(r.handle()), r.index());
    }

    private List<ValueReference> members(ValueReference group) {
        try {
            List<HandleValue> values =
                    records.apply(Handle.parse(group.handle())).orElse(List.of());
            return values.stream()
                    .filter(v -> v.index() == group.index()
                            && Handle.foldAscii(v.type()).equals("HS_VLIST"))
                    .findFirst()
                    .map(v -> ValueLists.decodeOrEmpty(v.data()))
                    .orElse(List.of());
        } catch (MalformedIdentifierException e) {
            return List.of();
        }
    }
}
