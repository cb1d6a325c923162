package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.resolve.Delegation.Scope;
import io.waymark.storage.record.RecordStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which prefixes live here: those whose prefix handle {@code 0.NA/PREFIX} is in the record store and names no other site
 * than this node's. A prefix handle that does is a delegation: its handles live at the site it names.
 */
public final class Homing {
    /** The prefix of all prefix handles. */
    public static final String PREFIX_OF_PREFIXES = "0.NA";

    /** A name can have a thousand dots; nobody's prefixes do. */
    private static final int ANCESTORS_MAX = 8;

    private final RecordStore records;
    private final SiteRecord ownSite;

    /** For a node without a site: whoever is named is somebody else. */
    public Homing(RecordStore records) {
        this(
                records,
                new SiteRecord(new SiteInfo(
                        1,
                        ProtocolVersion.NEWEST.major(),
                        ProtocolVersion.NEWEST.minor(),
                        SiteRecord.SERIAL,
                        true,
                        false,
                        SiteInfo.HashOption.WHOLE_HANDLE,
                        List.of(),
                        List.of())));
    }

    /**
     * @param records asked at every call, so that a change is seen at once
     * @param ownSite a prefix handle that names it names no other's
     */
    public Homing(RecordStore records, SiteRecord ownSite) {
        this.records = records;
        this.ownSite = ownSite;
    }

    /** Whether handles of this one's prefix live here. */
    public boolean livesHere(Handle handle) {
        Handle prefixHandle = handle.prefixHandle();
        return records.find(prefixHandle)
                .map(values -> delegation(prefixHandle, values, Scope.HANDLES).isEmpty())
                .orElse(false);
    }

    /** Whether this handle describes a prefix. */
    public static boolean isPrefixHandle(Handle handle) {
        return Handle.foldAscii(handle.prefix()).equals(PREFIX_OF_PREFIXES);
    }

    /** Who serves a handle that has no record here; empty if this node does, or nobody it knows. */
    public Optional<Delegation> delegation(Handle handle) {
        if (isPrefixHandle(handle)) {
            return delegationOfPrefixes(handle);
        }
        Handle prefixHandle = handle.prefixHandle();
        Optional<List<HandleValue>> prefix = records.find(prefixHandle);
        if (prefix.isPresent()) {
            return delegation(prefixHandle, prefix.get(), Scope.HANDLES);
        }
        // where the prefix handle lives, the client learns who serves its handles
        return delegationOfPrefixes(prefixHandle)
                .map(d -> new Delegation(prefixHandle, Scope.HANDLES, List.of(), List.of()));
    }

    /** The nearest prefix this one is derived from and that says who serves the prefixes derived from it. */
    private Optional<Delegation> delegationOfPrefixes(Handle prefixHandle) {
        String prefix = prefixHandle.suffix();
        for (int n = 0, dot = prefix.lastIndexOf('.'); dot > 0 && n < ANCESTORS_MAX; n++) {
            prefix = prefix.substring(0, dot);
            dot = prefix.lastIndexOf('.');
            Handle ancestor = new Handle(PREFIX_OF_PREFIXES + '/' + prefix);
            Optional<List<HandleValue>> values = records.find(ancestor);
            if (values.isPresent()) {
                return delegation(ancestor, values.get(), Scope.DERIVED_PREFIXES);
            }
        }
        return Optional.empty();
    }

    /** What a prefix handle's values say; empty if they name nobody or this node too. */
    public Optional<Delegation> delegation(Handle prefixHandle, List<HandleValue> values, Scope scope) {
        List<HandleValue> naming = values.stream()
                .filter(v -> v.isPublic() && ServiceTypes.names(v, scope))
                .toList();
        if (naming.isEmpty()) {
            return Optional.empty();
        }
        List<SiteInfo> sites = new ArrayList<>();
        for (HandleValue value : naming) {
            sites.addAll(ServiceTypes.isSite(value, scope) ? site(value) : sitesOfService(value));
        }
        return sites.stream().anyMatch(this::isOwn)
                ? Optional.empty()
                : Optional.of(new Delegation(prefixHandle, scope, naming, sites));
    }

    /** What another node says of a prefix: the sites it names. Services it names by a handle are not looked up. */
    public static Delegation told(Handle prefixHandle, List<HandleValue> values, Scope scope) {
        List<HandleValue> naming = values.stream()
                .filter(v -> v.isPublic() && ServiceTypes.isSite(v, scope))
                .toList();
        return new Delegation(
                prefixHandle,
                Scope.HANDLES,
                naming,
                naming.stream().flatMap(v -> site(v).stream()).toList());
    }

    private static List<SiteInfo> site(HandleValue value) {
        try {
            return List.of(SiteInfoCodec.decode(value.data()));
        } catch (MalformedRecordException e) {
            return List.of(); // whoever follows the referral meets it, too
        }
    }

    /** The sites of a service handle, if it lives here. */
    private List<SiteInfo> sitesOfService(HandleValue value) {
        try {
            return records.find(Handle.parse(value.dataText())).orElse(List.of()).stream()
                    .filter(v -> v.isPublic() && ServiceTypes.isSite(v, Scope.HANDLES))
                    .flatMap(v -> site(v).stream())
                    .toList();
        } catch (MalformedIdentifierException e) {
            return List.of();
        }
    }

    /** A site one of whose servers has this node's key, or listens where this node does. */
    private boolean isOwn(SiteInfo site) {
        return ownSite.current().servers().stream()
                .anyMatch(own -> site.servers().stream().anyMatch(other -> same(own, other)));
    }

    private static boolean same(SiteInfo.Server own, SiteInfo.Server other) {
        boolean sameKey = own.publicKey().length > 0 && Arrays.equals(own.publicKey(), other.publicKey());
        return sameKey
                || (Arrays.equals(own.address(), other.address())
                        && own.interfaces().stream().anyMatch(i -> listens(other, i)));
    }

    private static boolean listens(SiteInfo.Server server, SiteInfo.Interface where) {
        return server.interfaces().stream().anyMatch(i -> i.protocol() == where.protocol() && i.port() == where.port());
    }
}
