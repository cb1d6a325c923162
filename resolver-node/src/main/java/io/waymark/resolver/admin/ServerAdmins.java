package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import java.util.List;

/**
 * The node's own administrators, named in its configuration: they say which prefixes live here, which no record can say.
 *
 * @param members keys, or groups of type {@code HS_VLIST}; index 0 = any key of the handle
 * @param fullAccess whether they may also do everything to every record
 */
public record ServerAdmins(List<ValueReference> members, boolean fullAccess) {
    /** Nobody. */
    public static final ServerAdmins NONE = new ServerAdmins(List.of(), false);

    /** Copies the list. */
    public ServerAdmins {
        members = List.copyOf(members);
    }
}
