package io.waymark.identifier.handle;

import io.waymark.identifier.Handle;
import java.util.List;

/** What a registration changes: decided by the registrar, applied by the store, replayed by nobody else. */
public sealed interface RecordChange {
    /** The record it touches. */
    Handle handle();

    /**
     * The record's whole content from now on.
     *
     * @param handle the record's name; its spelling is kept with the record
     * @param values in answer order, indexes unique
     * @param aliases canonical identifiers that resolve to this record; those of the former content are dropped
     * @param edited whether it came about by changing some values of what was there; history tells
     */
    record Put(Handle handle, List<HandleValue> values, List<String> aliases, boolean edited) implements RecordChange {
        /** Copies the lists. */
        public Put {
            values = List.copyOf(values);
            aliases = List.copyOf(aliases);
        }

        /** Content given as a whole. */
        public Put(Handle handle, List<HandleValue> values, List<String> aliases) {
            this(handle, values, aliases, false);
        }
    }

    /**
     * The record is gone, its aliases with it.
     *
     * @param handle the record's name
     */
    record Delete(Handle handle) implements RecordChange {}
}
