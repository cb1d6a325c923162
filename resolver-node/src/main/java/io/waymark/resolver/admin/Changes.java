package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.storage.record.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Changes of records, for clients who have proven who they are: judged in the record's turn, against the values it has then.
 *
 * @see "RFC 3652 §3.4.1 to §3.4.5"
 */
final class Changes {
    private final RecordStore records;
    private final Registrar registrar;
    private final PrefixAdministration prefixes;
    private final Authority authority;

    Changes(RecordStore records, Registrar registrar, PrefixAdministration prefixes, Authority authority) {
        this.records = records;
        this.registrar = registrar;
        this.prefixes = prefixes;
        this.authority = authority;
    }

    CompletableFuture<Response> write(RequestMessage message, Request.WriteValues request, ValueReference identity) {
        boolean overwrite = message.has(OpFlags.OVERWRITE);
        boolean mint = request.opCode() == OpCode.CREATE_HANDLE && message.has(OpFlags.MINT);
        // completed before it is looked at: the beginning of a name need not be one
        String name = mint ? request.handle() + UUID.randomUUID() : request.handle();
        return named(name, handle -> switch (request.opCode()) {
            case CREATE_HANDLE -> create(message, handle, request.values(), identity);
            case ADD_VALUE -> add(handle, request.values(), overwrite, identity);
            case MODIFY_VALUE -> modify(handle, request.values(), overwrite, identity);
            default -> throw new IllegalStateException(request.opCode() + " writes no values");
        });
    }

    // --- whole records

    /** Who may create is said by the prefix handle; who may replace what exists, by the record too. */
    private CompletableFuture<Response> create(
            RequestMessage message, Handle handle, List<HandleValue> values, ValueReference identity) {
        boolean derived = Homing.isPrefixHandle(handle);
        Optional<List<HandleValue>> above = records.find(derived ? parent(handle) : handle.prefixHandle());
        if (above.isEmpty()) {
            return failed(
                    ResponseCode.SERVER_NOT_RESPONSIBLE,
                    "prefix " + (derived ? handle.text() : handle.prefix()) + " does not live here");
        }
        int needed = derived ? AdminRecord.ADD_DERIVED_PREFIX : AdminRecord.ADD_HANDLE;
        ResponseCode verdict = authority.judge(above.get(), identity, needed);
        if (verdict != ResponseCode.SUCCESS) {
            return failed(verdict, "not allowed to create handles");
        }
        Registration wanted = new Registration(handle, values, message.has(OpFlags.OVERWRITE));
        return registrar
                .by(Authors.of(identity))
                .change(handle, current -> decideCreation(wanted, current, identity))
                .thenApply(outcome -> response(outcome, handle.text(), outcome.kind() == Outcome.Kind.REPLACED));
    }

    private Decision decideCreation(Registration wanted, Optional<List<HandleValue>> current, ValueReference identity) {
        if (current.isPresent() && wanted.overwrite()) {
            ResponseCode replace =
                    authority.judge(wanted.handle(), current, identity, deletePermission(wanted.handle()));
            if (replace != ResponseCode.SUCCESS) {
                return Decision.refuse(replace, "not allowed to replace the handle");
            }
        }
        return registrar.rules().put(wanted, current.isPresent(), true, registrar.nowSeconds());
    }

    /** The prefix handle of the prefix a prefix is derived from: of 88.118.8, that of 88.118. */
    private static Handle parent(Handle prefixHandle) {
        String prefix = prefixHandle.suffix();
        int dot = prefix.lastIndexOf('.');
        return dot > 0 ? new Handle(Homing.PREFIX_OF_PREFIXES + '/' + prefix.substring(0, dot)) : prefixHandle;
    }

    CompletableFuture<Response> delete(String name, ValueReference identity) {
        return named(
                name,
                handle -> change(handle, identity, current -> {
                    NeededPermissions needed = new NeededPermissions(deletePermission(handle), Optional.empty());
                    return guarded(
                            needed,
                            handle,
                            current,
                            identity,
                            () -> Homing.isPrefixHandle(handle)
                                    ? prefixes.decideRemoval(handle)
                                    : registrar.decideDelete(handle, true));
                }));
    }

    private static int deletePermission(Handle handle) {
        return Homing.isPrefixHandle(handle) ? AdminRecord.DELETE_DERIVED_PREFIX : AdminRecord.DELETE_HANDLE;
    }

    // --- values

    private CompletableFuture<Response> add(
            Handle handle, List<HandleValue> added, boolean overwrite, ValueReference identity) {
        return change(
                handle,
                identity,
                overwrite,
                added,
                current -> guarded(
                        NeededPermissions.toAdd(added, current, overwrite),
                        handle,
                        current,
                        identity,
                        () -> Edits.add(registrar.rules(), handle, current, added, overwrite, now())));
    }

    /** With {@code overwrite}, what is not there to be changed is added. */
    private CompletableFuture<Response> modify(
            Handle handle, List<HandleValue> changed, boolean overwrite, ValueReference identity) {
        return change(
                handle,
                identity,
                overwrite,
                changed,
                current -> guarded(
                        overwrite
                                ? NeededPermissions.toSet(changed, current)
                                : NeededPermissions.toModify(changed, current),
                        handle,
                        current,
                        identity,
                        () -> overwrite
                                ? Edits.add(registrar.rules(), handle, current, changed, true, now())
                                : Edits.modify(registrar.rules(), handle, current, changed, now())));
    }

    CompletableFuture<Response> remove(Request.RemoveValues request, ValueReference identity) {
        return named(
                request.handle(),
                handle -> change(
                        handle,
                        identity,
                        current -> guarded(
                                NeededPermissions.toRemove(request.indexes(), current),
                                handle,
                                current,
                                identity,
                                () -> Edits.remove(registrar.rules(), handle, current, request.indexes()))));
    }

    private int now() {
        return registrar.nowSeconds();
    }

    // --- deciding

    private interface Edit {
        Decision decide();
    }

    private Decision guarded(
            NeededPermissions needed,
            Handle handle,
            Optional<List<HandleValue>> current,
            ValueReference identity,
            Edit edit) {
        if (current.isEmpty()) {
            return registrar.decideDelete(handle, false); // not found, or not homed
        }
        ResponseCode verdict = authority.judge(handle, current, identity, needed.bits());
        if (verdict != ResponseCode.SUCCESS) {
            return Decision.refuse(verdict, "not allowed to change " + handle.text());
        }
        return needed.readOnly()
                .map(index ->
                        Decision.refuse(ResponseCode.INSUFFICIENT_PERMISSIONS, "value " + index + " is read-only"))
                .orElseGet(edit::decide);
    }

    private interface Named {
        CompletableFuture<Response> act(Handle handle);
    }

    private static CompletableFuture<Response> named(String name, Named action) {
        Handle handle;
        try {
            handle = Handle.parse(name);
        } catch (MalformedIdentifierException e) {
            return failed(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
        }
        return action.act(handle);
    }

    private CompletableFuture<Response> change(Handle handle, ValueReference identity, Registrar.Change change) {
        return registrar
                .by(Authors.of(identity))
                .change(handle, change)
                .thenApply(outcome -> response(outcome, "", false));
    }

    /** A change of values that says in its answer whether it replaced some, if it was asked to. */
    private CompletableFuture<Response> change(
            Handle handle,
            ValueReference identity,
            boolean overwrite,
            List<HandleValue> values,
            Registrar.Change change) {
        AtomicBoolean replaced = new AtomicBoolean();
        Registrar.Change watched = current -> {
            replaced.set(overwrite && current.orElse(List.of()).stream().anyMatch(v -> isAmong(v.index(), values)));
            return change.decide(current);
        };
        return registrar
                .by(Authors.of(identity))
                .change(handle, watched)
                .thenApply(outcome -> response(outcome, "", replaced.get()));
    }

    private static boolean isAmong(int index, List<HandleValue> values) {
        return values.stream().anyMatch(v -> v.index() == index);
    }

    // --- answers

    static Response response(Outcome outcome, String createdName, boolean overwritten) {
        return switch (outcome.kind()) {
            case CREATED, DELETED -> new Response.Done(createdName, false);
            case REPLACED -> new Response.Done(createdName, overwritten);
            case REFUSED -> {
                Outcome.Refused refused = (Outcome.Refused) outcome;
                yield new Response.Failure(refused.code(), refused.message());
            }
        };
    }

    private static CompletableFuture<Response> failed(ResponseCode code, String message) {
        return CompletableFuture.completedFuture(new Response.Failure(code, message));
    }
}
