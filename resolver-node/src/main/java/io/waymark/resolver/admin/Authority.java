package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what: by the HS_ADMIN values of the record, or of the prefix handle where the record names no administrator; and
 * by the configuration.
 */
final class Authority {
    private final RecordStore records;
    private final ServerAdmins servers;
    private final AdminPermissions permissions;

    Authority(RecordStore records, ServerAdmins servers) {
        this.records = records;
        this.servers = servers;
        this.permissions = new AdminPermissions(records::find);
    }

    /** Whether he is one of the node's own administrators. */
    boolean administersServer(ValueReference identity) {
        return permissions.includesAny(servers.members(), identity);
    }

    /**
     * Judges an operation on a record.
     *
     * @param current the record's values
     * @param needed bits of {@link io.waymark.identifier.handle.AdminRecord}; 0: anybody may
     */
    ResponseCode judge(Handle handle, Optional<List<HandleValue>> current, ValueReference identity, int needed) {
        List<HandleValue> own = current.orElse(List.of());
        return judge(AdminPermissions.anyIn(own) ? own : prefixRecord(handle), identity, needed);
    }

    /** Judges by the administrators these values name. */
    ResponseCode judge(List<HandleValue> administered, ValueReference identity, int needed) {
        if (needed == 0 || (servers.fullAccess() && administersServer(identity))) {
            return ResponseCode.SUCCESS;
        }
        return permissions.judge(administered, identity, needed);
    }

    private List<HandleValue> prefixRecord(Handle handle) {
        return records.find(handle.prefixHandle()).orElse(List.of());
    }
}
