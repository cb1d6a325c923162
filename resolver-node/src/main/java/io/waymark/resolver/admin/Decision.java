package io.waymark.resolver.admin;

import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.message.ResponseCode;
import java.util.List;

/**
 * What the registrar made of a request: changes to apply, and the outcome once they are on disk.
 *
 * @param changes none if refused
 * @param outcome what the caller is told when the changes are durable
 */
public record Decision(List<RecordChange> changes, Outcome outcome) {
    /** Copies the list. */
    public Decision {
        changes = List.copyOf(changes);
    }

    /** No change. */
    public static Decision refuse(ResponseCode code, String message) {
        return new Decision(List.of(), new Outcome.Refused(code, message));
    }
}
