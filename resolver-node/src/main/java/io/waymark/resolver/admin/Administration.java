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
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out what a client asks who has proven who he is: judges by the HS_ADMIN values of the record, or of the prefix
 * handle where the record names no administrator, and leaves the change to the registrar.
 *
 * @see "RFC 3652 §3.4 Handle Administration"
 */
public final class Administration {
    private static final int NAMES_PER_MESSAGE = 500;
    private static final int NAMES_MAX = 100_000;

    private final RecordStore records;
    private final Resolver resolver;
    private final Registrar registrar;
    private final AdminPermissions permissions;

    /**
     * @param records who administers what
     * @param resolver reads for administrators
     * @param registrar writes
     */
    public Administration(RecordStore records, Resolver resolver, Registrar registrar) {
        this.records = records;
        this.resolver = resolver;
        this.registrar = registrar;
        this.permissions = new AdminPermissions(records::find);
    }

    /** Whether the request is one this class carries out. */
    public static boolean offers(Request request) {
        return switch (request.kind()) {
            case RESOLUTION, WRITE_VALUES, REMOVE_VALUES -> true;
            case NAME_OPERATION -> {
                OpCode op = ((Request.NameOperation) request).opCode();
                yield op == OpCode.DELETE_HANDLE || op == OpCode.LIST_HANDLES;
            }
            case GET_SITE_INFO, CHALLENGE_ANSWER, SESSION_SETUP, UNSUPPORTED -> false;
        };
    }

    /** Carries out a request; the messages of the answer in order. */
    CompletableFuture<List<Response>> carryOut(RequestMessage message, ValueReference identity) {
        Request request = message.request();
        return switch (request.kind()) {
            case RESOLUTION -> now(read((Request.Resolution) request, identity));
            case WRITE_VALUES -> one(write(message, (Request.WriteValues) request, identity));
            case REMOVE_VALUES -> one(remove((Request.RemoveValues) request, identity));
            case NAME_OPERATION -> nameOperation((Request.NameOperation) request, identity);
            case GET_SITE_INFO, CHALLENGE_ANSWER, SESSION_SETUP, UNSUPPORTED ->
                throw new IllegalStateException(request.kind() + " is not administered here");
        };
    }

    private CompletableFuture<List<Response>> nameOperation(Request.NameOperation request, ValueReference identity) {
        return request.opCode() == OpCode.LIST_HANDLES
                ? CompletableFuture.completedFuture(list(request.name(), identity))
                : one(delete(request.name(), identity));
    }

    // --- reading

    private Response read(Request.Resolution request, ValueReference identity) {
        ValueFilter filter = new ValueFilter(request.indexes(), request.types());
        try {
            Handle handle = Resolver.parse(request.handle());
            ResponseCode verdict = judge(handle, records.find(handle), identity, AdminRecord.READ_VALUE);
            return verdict == ResponseCode.SUCCESS
                    ? resolver.resolve(request.handle(), filter, Reader.ADMINISTRATOR)
                    : refusal(verdict, "read");
        } catch (MalformedIdentifierException e) {
            return invalidHandle(e);
        }
    }

    private List<Response> list(String prefixName, ValueReference identity) {
        Handle prefixHandle;
        try {
            prefixHandle = Resolver.parse(prefixName);
        } catch (MalformedIdentifierException e) {
            return List.of(invalidHandle(e));
        }
        Optional<List<HandleValue>> prefixRecord = records.find(prefixHandle);
        if (prefixRecord.isEmpty() || !Homing.isPrefixHandle(prefixHandle)) {
            return List.of(new Response.Failure(
                    ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix handle " + prefixName + " does not live here"));
        }
        ResponseCode verdict = permissions.judge(prefixRecord.get(), identity, AdminRecord.LIST_HANDLES);
        if (verdict != ResponseCode.SUCCESS) {
            return List.of(refusal(verdict, "list handles"));
        }
        List<String> names = new ArrayList<>();
        records.list(prefixHandle.suffix(), "", NAMES_MAX + 1, handle -> names.add(handle.text()));
        return names.size() > NAMES_MAX
                ? List.of(new Response.Failure(
                        ResponseCode.ERROR,
                        "prefix " + prefixHandle.suffix() + " has more than " + NAMES_MAX
                                + " handles; export it instead"))
                : messages(names);
    }

    private static List<Response> messages(List<String> names) {
        List<Response> messages = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(names.size(), from + NAMES_PER_MESSAGE);
            messages.add(new Response.Names(names.subList(from, to), to < names.size()));
            from = to;
        } while (from < names.size());
        return messages;
    }

    // --- writing

    private CompletableFuture<Response> write(
            RequestMessage message, Request.WriteValues request, ValueReference identity) {
        boolean overwrite = message.has(OpFlags.OVERWRITE);
        boolean mint = request.opCode() == OpCode.CREATE_HANDLE && message.has(OpFlags.MINT);
        Handle handle;
        try {
            handle = Handle.parse(mint ? request.handle() + UUID.randomUUID() : request.handle());
        } catch (MalformedIdentifierException e) {
            return CompletableFuture.completedFuture(invalidHandle(e));
        }
        int now = registrar.nowSeconds();
        RegistrationRules rules = registrar.rules();
        return switch (request.opCode()) {
            case CREATE_HANDLE -> create(handle, request.values(), overwrite, identity);
            case ADD_VALUE ->
                change(
                        handle,
                        current -> guarded(
                                NeededPermissions.toAdd(request.values(), current, overwrite),
                                handle,
                                current,
                                identity,
                                () -> Edits.add(rules, handle, current, request.values(), overwrite, now)));
            case MODIFY_VALUE ->
                change(
                        handle,
                        current -> guarded(
                                NeededPermissions.toModify(request.values(), current),
                                handle,
                                current,
                                identity,
                                () -> Edits.modify(rules, handle, current, request.values(), now)));
            default -> throw new IllegalStateException(request.opCode() + " writes no values");
        };
    }

    private CompletableFuture<Response> remove(Request.RemoveValues request, ValueReference identity) {
        try {
            Handle handle = Handle.parse(request.handle());
            return change(
                    handle,
                    current -> guarded(
                            NeededPermissions.toRemove(request.indexes(), current),
                            handle,
                            current,
                            identity,
                            () -> Edits.remove(registrar.rules(), handle, current, request.indexes())));
        } catch (MalformedIdentifierException e) {
            return CompletableFuture.completedFuture(invalidHandle(e));
        }
    }

    private CompletableFuture<Response> delete(String name, ValueReference identity) {
        try {
            Handle handle = Handle.parse(name);
            return change(
                    handle,
                    current -> guarded(
                            new NeededPermissions(AdminRecord.DELETE_HANDLE, Optional.empty()),
                            handle,
                            current,
                            identity,
                            () -> registrar.decideDelete(handle, true)));
        } catch (MalformedIdentifierException e) {
            return CompletableFuture.completedFuture(invalidHandle(e));
        }
    }

    /** Who may create is said by the prefix handle; who may replace what exists, by the record too. */
    private CompletableFuture<Response> create(
            Handle handle, List<HandleValue> values, boolean overwrite, ValueReference identity) {
        boolean derived = Homing.isPrefixHandle(handle);
        Optional<List<HandleValue>> authority = records.find(derived ? parent(handle) : handle.prefixHandle());
        if (authority.isEmpty()) {
            return CompletableFuture.completedFuture(new Response.Failure(
                    ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix " + handle.prefix() + " does not live here"));
        }
        int needed = derived ? AdminRecord.ADD_DERIVED_PREFIX : AdminRecord.ADD_HANDLE;
        ResponseCode verdict = permissions.judge(authority.get(), identity, needed);
        if (verdict != ResponseCode.SUCCESS) {
            return CompletableFuture.completedFuture(refusal(verdict, "create handles"));
        }
        Registration wanted = new Registration(handle, values, overwrite);
        return registrar
                .change(handle, current -> {
                    if (current.isPresent() && overwrite) {
                        ResponseCode replace = judge(handle, current, identity, AdminRecord.DELETE_HANDLE);
                        if (replace != ResponseCode.SUCCESS) {
                            return Decision.refuse(replace, "not allowed to replace the handle");
                        }
                    }
                    return registrar.rules().put(wanted, current.isPresent(), true, registrar.nowSeconds());
                })
                .thenApply(outcome -> response(outcome, handle.text()));
    }

    /** The prefix handle of the prefix a prefix is derived from: of 88.118.8, that of 88.118. */
    private static Handle parent(Handle prefixHandle) {
        String prefix = prefixHandle.suffix();
        int dot = prefix.lastIndexOf('.');
        return dot > 0 ? new Handle(Homing.PREFIX_OF_PREFIXES + '/' + prefix.substring(0, dot)) : prefixHandle;
    }

    private CompletableFuture<Response> change(Handle handle, Registrar.Change change) {
        return registrar.change(handle, change).thenApply(outcome -> response(outcome, ""));
    }

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
        ResponseCode verdict = judge(handle, current, identity, needed.bits());
        if (verdict != ResponseCode.SUCCESS) {
            return Decision.refuse(verdict, "not allowed to change " + handle.text());
        }
        return needed.readOnly()
                .map(index ->
                        Decision.refuse(ResponseCode.INSUFFICIENT_PERMISSIONS, "value " + index + " is read-only"))
                .orElseGet(edit::decide);
    }

    private ResponseCode judge(
            Handle handle, Optional<List<HandleValue>> current, ValueReference identity, int needed) {
        List<HandleValue> own = current.orElse(List.of());
        List<HandleValue> authority = AdminPermissions.anyIn(own)
                ? own
                : records.find(handle.prefixHandle()).orElse(List.of());
        return permissions.judge(authority, identity, needed);
    }

    // --- answers

    private static Response response(Outcome outcome, String createdName) {
        return switch (outcome.kind()) {
            case CREATED, DELETED -> new Response.Done(createdName, false);
            case REPLACED -> new Response.Done(createdName, !createdName.isEmpty());
            case REFUSED -> {
                Outcome.Refused refused = (Outcome.Refused) outcome;
                yield new Response.Failure(refused.code(), refused.message());
            }
        };
    }

    private static Response refusal(ResponseCode code, String what) {
        return new Response.Failure(code, "not allowed to " + what);
    }

    private static Response invalidHandle(MalformedIdentifierException e) {
        return new Response.Failure(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
    }

    private static CompletableFuture<List<Response>> now(Response response) {
        return CompletableFuture.completedFuture(List.of(response));
    }

    private static CompletableFuture<List<Response>> one(CompletableFuture<Response> response) {
        return response.thenApply(List::of);
    }
}
