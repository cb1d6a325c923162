package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers resolutions.
 *
 * @see "RFC 3652 §3.2 Handle Resolution"
 */
public final class Resolver {
    /** Whose eyes see the answer. */
    public enum Reader {
        /** Nobody in particular: publicly readable values. */
        ANYONE,
        /** Who has shown he administers the handle: values administrators read, too. */
        ADMINISTRATOR
    }

    private final RecordStore records;
    private final Homing homing;
    private final SiteRecord ownSite;

    /**
     * @param records what is known
     * @param ownSite put into prefix handles that name no site
     */
    public Resolver(RecordStore records, SiteRecord ownSite) {
        this.records = records;
        this.homing = new Homing(records, ownSite);
        this.ownSite = ownSite;
    }

    /**
     * The values asked for that the reader may see, or why there are none, or who else has them.
     *
     * @param name the handle as asked; a name without a slash means that prefix's handle
     */
    public Response resolve(String name, ValueFilter filter, Reader reader) {
        Handle handle;
        try {
            handle = parse(name);
        } catch (MalformedIdentifierException e) {
            return new Response.Failure(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
        }
        Optional<List<HandleValue>> record = record(handle);
        if (record.isEmpty()) {
            return absent(handle);
        }
        List<HandleValue> answer = record.get().stream()
                .filter(v -> filter.wants(v) && maySee(reader, v))
                .toList();
        return answer.isEmpty()
                ? new Response.Failure(ResponseCode.VALUES_NOT_FOUND, "")
                : new Response.Values(name, answer);
    }

    /** Whether the record has values asked for that only administrators read. */
    public boolean hasHiddenValues(String name, ValueFilter filter) {
        try {
            return record(parse(name)).orElse(List.of()).stream()
                    .anyMatch(v -> filter.wants(v) && !v.isPublic() && maySee(Reader.ADMINISTRATOR, v));
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    /** A record's values as this node serves them: a prefix handle that names no site names this one. */
    public Optional<List<HandleValue>> record(Handle handle) {
        Optional<List<HandleValue>> stored = records.find(handle);
        return Homing.isPrefixHandle(handle) ? stored.map(this::withSite) : stored;
    }

    /** A name as clients write it: one without a slash means that prefix's handle. */
    public static Handle parse(String name) throws MalformedIdentifierException {
        return Handle.parse(name.isEmpty() || name.indexOf('/') >= 0 ? name : Homing.PREFIX_OF_PREFIXES + '/' + name);
    }

    /** Who else serves a handle; empty if it has a record here, or nobody else is known to. */
    public Optional<Delegation> elsewhere(Handle handle) {
        return records.find(handle).isPresent() ? Optional.empty() : homing.delegation(handle);
    }

    /** Who else serves the handles of a prefix. */
    public Optional<Delegation> elsewhereUnder(Handle prefixHandle) {
        return records.find(prefixHandle)
                .flatMap(values -> homing.delegation(prefixHandle, values, Delegation.Scope.HANDLES));
    }

    private Response absent(Handle handle) {
        if (homing.livesHere(handle)) {
            return new Response.Failure(ResponseCode.HANDLE_NOT_FOUND, "");
        }
        return homing.delegation(handle)
                .<Response>map(Delegation::referral)
                .orElseGet(() -> new Response.Failure(
                        ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix " + handle.prefix() + " does not live here"));
    }

    /** Whether a reader may see a value. */
    public static boolean maySee(Reader reader, HandleValue value) {
        return value.isPublic()
                || (reader == Reader.ADMINISTRATOR && (value.permissions() & Permissions.ADMIN_READ) != 0);
    }

    private List<HandleValue> withSite(List<HandleValue> values) {
        return withSite(values, ownSite.current());
    }

    /** A prefix handle's values, with this site if they name none. */
    public static List<HandleValue> withSite(List<HandleValue> values, SiteInfo site) {
        boolean namesOne = values.stream().anyMatch(v -> ServiceTypes.names(v, Delegation.Scope.HANDLES));
        if (namesOne) {
            return values;
        }
        List<HandleValue> served = new ArrayList<>(values);
        int changed =
                values.stream().mapToInt(HandleValue::timestampSeconds).max().orElse(0);
        served.add(HandleValue.of(freeIndex(values), SiteInfo.TYPE, SiteInfoCodec.encode(site), changed));
        return served;
    }

    private static int freeIndex(List<HandleValue> values) {
        int index = 1;
        while (taken(values, index)) {
            index++;
        }
        return index;
    }

    private static boolean taken(List<HandleValue> values, int index) {
        return values.stream().anyMatch(v -> v.index() == index);
    }
}
