package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.storage.record.Author;
import io.waymark.storage.record.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Carries out what a client asks who has proven who he is: judges, and leaves changes to the registrar.
 *
 * @see "RFC 3652 §3.4 Handle Administration"
 */
public final class Administration {
    /** Whoever runs the node: no key has this place, so nobody proves to be him but with the operator's token. */
    public static final ValueReference OPERATOR = new ValueReference("operator", 0);

    private final RecordStore records;
    private final Resolver resolver;
    private final Authority authority;
    private final Changes changes;
    private final Listing listing;
    private final PrefixAdministration prefixes;

    /**
     * @param records who administers what
     * @param resolver reads for administrators
     * @param homing which prefixes live here
     * @param registrar writes
     * @param servers administer the node itself
     */
    public Administration(
            RecordStore records, Homing homing, Resolver resolver, Registrar registrar, ServerAdmins servers) {
        this.records = records;
        this.resolver = resolver;
        this.authority = new Authority(records, servers);
        this.prefixes = new PrefixAdministration(records, homing, registrar);
        this.changes = new Changes(records, registrar, prefixes, authority);
        this.listing = new Listing(records, homing, registrar, authority);
    }

    /** Whether the request is a resolution that everybody is answered alike. */
    boolean isForAnyone(RequestMessage message) {
        if (message.request().kind() != Request.Kind.RESOLUTION) {
            return false;
        }
        Request.Resolution request = (Request.Resolution) message.request();
        return message.has(OpFlags.PUBLIC_ONLY) || !resolver.hasHiddenValues(request.handle(), filter(request));
    }

    /** Carries out a request. */
    public CompletableFuture<Response> carryOut(RequestMessage message, ValueReference identity) {
        Request request = message.request();
        return switch (request.kind()) {
            case RESOLUTION -> now(read((Request.Resolution) request, identity));
            case WRITE_VALUES -> changes.write(message, (Request.WriteValues) request, identity);
            case REMOVE_VALUES -> changes.remove((Request.RemoveValues) request, identity);
            case NAME_OPERATION -> nameOperation((Request.NameOperation) request, identity);
            case GET_SITE_INFO, CHALLENGE_ANSWER, VERIFY_CHALLENGE, SESSION_SETUP, KEY_EXCHANGE, LOGIN, UNSUPPORTED ->
                throw new IllegalStateException(request.kind() + " is not administered here");
        };
    }

    private CompletableFuture<Response> nameOperation(Request.NameOperation request, ValueReference identity) {
        return switch (request.opCode()) {
            case DELETE_HANDLE -> changes.delete(request.name(), identity);
            case LIST_HANDLES -> now(listing.handles(request.name(), identity));
            case HOME_PREFIX, UNHOME_PREFIX, LIST_HOMED_PREFIXES ->
                authority.administersServer(identity)
                        ? serverOperation(request, identity)
                        : now(new Response.Failure(
                                ResponseCode.INVALID_ADMIN, "only the node's own administrators may do this"));
            default -> throw new IllegalStateException(request.opCode() + " is not administered here");
        };
    }

    private CompletableFuture<Response> serverOperation(Request.NameOperation request, ValueReference identity) {
        return switch (request.opCode()) {
            case HOME_PREFIX -> done(prefixes.by(Authors.of(identity)).home(request.name(), identity));
            case UNHOME_PREFIX -> done(prefixes.by(Authors.of(identity)).unhome(request.name()));
            default -> now(listing.homedPrefixes());
        };
    }

    private static CompletableFuture<Response> done(CompletableFuture<Outcome> outcome) {
        return outcome.thenApply(o -> Changes.response(o, "", false));
    }

    /**
     * Why the handles under a prefix are not for this reader; empty if they are. For listings that are made elsewhere.
     *
     * @param prefixName the prefix handle, or the prefix
     */
    public Optional<Response.Failure> whyNotList(String prefixName, ValueReference identity) {
        return listing.whyNot(prefixName, identity);
    }

    /** Why he may not add and change values of a record; empty if he may. For changes that are made elsewhere. */
    public Optional<Outcome.Refused> whyNotWrite(Handle handle, List<HandleValue> current, ValueReference identity) {
        int needed = AdminRecord.ADD_VALUE | AdminRecord.MODIFY_VALUE;
        ResponseCode verdict = authority.judge(handle, Optional.of(current), identity, needed);
        return verdict == ResponseCode.SUCCESS
                ? Optional.empty()
                : Optional.of(new Outcome.Refused(verdict, "not allowed to add and change values"));
    }

    /** Who the history says he is. */
    public Author author(ValueReference identity) {
        return Authors.of(identity);
    }

    /** Whether he may read what administrators of a record read. */
    public ResponseCode mayRead(Handle handle, ValueReference identity) {
        return authority.judge(handle, records.find(handle), identity, AdminRecord.READ_VALUE);
    }

    private Response read(Request.Resolution request, ValueReference identity) {
        try {
            Handle handle = Resolver.parse(request.handle());
            ResponseCode verdict = mayRead(handle, identity);
            return verdict == ResponseCode.SUCCESS
                    ? resolver.resolve(request.handle(), filter(request), Reader.ADMINISTRATOR)
                    : new Response.Failure(verdict, "not allowed to read");
        } catch (MalformedIdentifierException e) {
            return new Response.Failure(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
        }
    }

    private static ValueFilter filter(Request.Resolution request) {
        return new ValueFilter(request.indexes(), request.types());
    }

    private static CompletableFuture<Response> now(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
