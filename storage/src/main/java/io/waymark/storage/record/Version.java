package io.waymark.storage.record;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.util.List;

/**
 * A record's content between two changes.
 *
 * @param handle in the spelling it had then; folded where there is no content
 * @param sequence of the change that made it, unique in the store and growing with time; 0 = older than history
 * @param millis when, since 1970 UTC; never smaller than that of an earlier change. For {@link Action#FOUND} the time of
 *     the youngest value: it was so from then on at the latest
 * @param action what the change was
 * @param author who made it
 * @param values all of them, private ones too; empty if deleted
 */
public record Version(
        Handle handle, long sequence, long millis, Action action, Author author, List<HandleValue> values) {
    /** Copies the list. */
    public Version {
        values = List.copyOf(values);
    }

    /** Whether there was a record. */
    public boolean isThere() {
        return action != Action.DELETED;
    }
}
