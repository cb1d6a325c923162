package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.util.List;

/**
 * A record someone would like to exist.
 *
 * @param handle its name; the spelling is kept
 * @param values its whole content; timestamps are set by the node
 * @param overwrite whether an existing record may be replaced
 */
public record Registration(Handle handle, List<HandleValue> values, boolean overwrite) {
    /** Copies the list. */
    public Registration {
        values = List.copyOf(values);
    }
}
