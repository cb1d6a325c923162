package io.waymark.storage.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.RecordChange;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which prefixes take records. One thread. */
public interface PrefixGate {
    /**
     * Whether records of the prefix may be loaded. Asked once for many records of one prefix.
     *
     * @param foldedPrefix in upper case
     * @param exists whether the record in question is there already
     */
    boolean admits(String foldedPrefix, boolean exists);

    /**
     * Records to be written with the others, such as those that make this node the home of a prefix. None of them may have
     * codes or be there already.
     *
     * @param isThere whether a record is in the store or among those loaded
     */
    List<RecordChange.Put> companions(Predicate<Handle> isThere);

    /**
     * Whether its answers or its companions may be others now. Called on the store's writer thread, when the other methods
     * have been called for the last time.
     *
     * @param changed folded handles of records that others changed since the first answer
     */
    boolean dependsOn(Set<String> changed);
}
