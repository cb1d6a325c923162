package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Delegation.Scope;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.Author;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Which prefixes live here: a prefix does from the moment it is homed, which makes its prefix handle, until that is gone. A
 * prefix with handles under it cannot go: they would be answered by nobody, or by nobody responsible.
 *
 * @see "RFC 3652 §3.4.7 and §3.4.8 Home and Unhome"
 */
public final class PrefixAdministration {
    private final RecordStore records;
    private final Homing homing;
    private final Registrar registrar;

    /**
     * @param records shows what is under a prefix
     * @param homing tells prefixes that live here from those delegated to others
     * @param registrar makes the changes
     */
    public PrefixAdministration(RecordStore records, Homing homing, Registrar registrar) {
        this.records = records;
        this.homing = homing;
        this.registrar = registrar;
    }

    /** The same, whose changes are recorded as made by somebody. */
    public PrefixAdministration by(Author somebody) {
        return new PrefixAdministration(records, homing, registrar.by(somebody));
    }

    /**
     * Serves a prefix from now on. No fault if it does already; refused as HANDLE_ALREADY_EXISTS if the prefix is
     * delegated.
     *
     * @param name the prefix handle {@code 0.NA/PREFIX}, or the prefix
     * @param administrator may do everything under the prefix
     */
    public CompletableFuture<Outcome> home(String name, ValueReference administrator) {
        Handle prefixHandle;
        try {
            prefixHandle = prefixHandle(name);
        } catch (MalformedIdentifierException e) {
            return refused(e);
        }
        int now = registrar.nowSeconds();
        byte[] admin = new AdminRecord(AdminRecord.ALL, administrator.handle(), administrator.index()).encode();
        HandleValue value = HandleValue.of(Registrar.ADMIN_INDEX, AdminRecord.TYPE, admin, now);
        return registrar.change(
                prefixHandle,
                current -> current.map(values -> decideAgain(prefixHandle, values))
                        .orElseGet(() -> new Decision(
                                List.of(new RecordChange.Put(prefixHandle, List.of(value), List.of())),
                                new Outcome.Created(prefixHandle))));
    }

    private Decision decideAgain(Handle prefixHandle, List<HandleValue> values) {
        return isDelegated(prefixHandle, values)
                ? Decision.refuse(
                        ResponseCode.HANDLE_ALREADY_EXISTS, "prefix " + prefixHandle.suffix() + " lives elsewhere")
                : new Decision(List.of(), new Outcome.Replaced(prefixHandle));
    }

    private boolean isDelegated(Handle prefixHandle, List<HandleValue> values) {
        return homing.delegation(prefixHandle, values, Scope.HANDLES).isPresent();
    }

    /**
     * Serves a prefix no longer.
     *
     * @param name the prefix handle {@code 0.NA/PREFIX}, or the prefix
     * @return {@link Outcome.Deleted}; refused as SERVER_NOT_RESPONSIBLE if it does not live here, as
     *     HANDLE_ALREADY_EXISTS if it has handles besides the administrator {@code PREFIX/ADMIN}, who goes with it
     */
    public CompletableFuture<Outcome> unhome(String name) {
        try {
            Handle prefixHandle = prefixHandle(name);
            return registrar.change(
                    prefixHandle,
                    current -> current.filter(values -> !isDelegated(prefixHandle, values))
                            .map(values -> decideRemoval(prefixHandle))
                            .orElseGet(() -> Decision.refuse(
                                    ResponseCode.SERVER_NOT_RESPONSIBLE,
                                    "prefix " + prefixHandle.suffix() + " does not live here")));
        } catch (MalformedIdentifierException e) {
            return refused(e);
        }
    }

    /** To remove a prefix handle that exists. */
    Decision decideRemoval(Handle prefixHandle) {
        String prefix = prefixHandle.suffix();
        List<RecordChange> changes = new ArrayList<>(List.of(new RecordChange.Delete(prefixHandle)));
        List<Handle> left = new ArrayList<>();
        records.list(prefix, "", 2, left::add);
        for (Handle handle : left) {
            if (!Handle.foldAscii(handle.suffix()).equals("ADMIN")) {
                return Decision.refuse(
                        ResponseCode.HANDLE_ALREADY_EXISTS,
                        "prefix " + prefix + " still has handles, the first is " + handle.text());
            }
            changes.add(new RecordChange.Delete(handle));
        }
        return new Decision(changes, new Outcome.Deleted(prefixHandle));
    }

    private static Handle prefixHandle(String name) throws MalformedIdentifierException {
        Handle handle = Resolver.parse(name);
        if (!Homing.isPrefixHandle(handle)) {
            throw new MalformedIdentifierException(name + " is no prefix handle", 0);
        }
        return PrefixNames.prefixHandle(handle.suffix());
    }

    private static CompletableFuture<Outcome> refused(MalformedIdentifierException e) {
        return CompletableFuture.completedFuture(
                new Outcome.Refused(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage())));
    }
}
