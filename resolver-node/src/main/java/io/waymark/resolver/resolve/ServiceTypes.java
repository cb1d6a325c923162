package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import java.util.Set;

/**
 * Types of values in a prefix handle that say who serves what.
 *
 * @see "RFC 3651 §3.2 Pre-defined Handle Value Types"
 */
public final class ServiceTypes {
    private static final Set<String> SITES_OF_HANDLES = Set.of(SiteInfo.TYPE, "HS_SITE.6");
    private static final Set<String> SITES_OF_PREFIXES = Set.of("HS_SITE.PREFIX", "HS_NA_DELEGATE");
    private static final String SERVICE_OF_HANDLES = "HS_SERV";
    private static final String SERVICE_OF_PREFIXES = "HS_SERV.PREFIX";

    private ServiceTypes() {}

    /** Whether the value says who serves what the scope holds: a site, or the handle of a service. */
    public static boolean names(HandleValue value, Delegation.Scope scope) {
        return isSite(value, scope) || isServiceHandle(value, scope);
    }

    static boolean isSite(HandleValue value, Delegation.Scope scope) {
        String type = Handle.foldAscii(value.type());
        return (scope == Delegation.Scope.HANDLES ? SITES_OF_HANDLES : SITES_OF_PREFIXES).contains(type);
    }

    static boolean isServiceHandle(HandleValue value, Delegation.Scope scope) {
        String wanted = scope == Delegation.Scope.HANDLES ? SERVICE_OF_HANDLES : SERVICE_OF_PREFIXES;
        return Handle.foldAscii(value.type()).equals(wanted);
    }
}
