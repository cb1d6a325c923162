package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.util.List;

/**
 * A prefix another node serves, as its prefix handle here says: a self-built enterprise node, for example.
 *
 * @param prefixHandle {@code 0.NA/PREFIX}, in the record of which the service is named
 * @param scope what is served elsewhere
 * @param values the public values that name the service; empty if the client has to look it up itself
 * @param sites those values read, with those of a service handle that lives here; empty if only the client can find out
 */
public record Delegation(Handle prefixHandle, Scope scope, List<HandleValue> values, List<SiteInfo> sites) {
    /** What is served elsewhere. */
    public enum Scope {
        /** The handles of the prefix. */
        HANDLES,
        /** The prefix handles derived from it. */
        DERIVED_PREFIXES
    }

    /** Copies the lists. */
    public Delegation {
        values = List.copyOf(values);
        sites = List.copyOf(sites);
    }

    /** Tells a client where to ask. */
    public Response.Referral referral() {
        ResponseCode code = scope == Scope.HANDLES ? ResponseCode.SERVICE_REFERRAL : ResponseCode.PREFIX_REFERRAL;
        return new Response.Referral(code, prefixHandle.text(), values);
    }
}
