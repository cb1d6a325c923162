package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Delegation.Scope;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.ServiceTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What makes a prefix another node's. */
final class DelegationRules {
    private DelegationRules() {}

    /**
     * Decides that a site serves a prefix from now on, in place of whoever did.
     *
     * @param current the prefix handle's values, if it has a record
     * @param inUse whether handles of the prefix, besides its administrator, live here
     */
    static Decision decide(
            Homing homing,
            Handle prefixHandle,
            SiteInfo site,
            Optional<List<HandleValue>> current,
            boolean inUse,
            int nowSeconds) {
        if (site.servers().stream().allMatch(s -> s.interfaces().isEmpty())) {
            return Decision.refuse(ResponseCode.INVALID_VALUE, "the site has no server with an interface");
        }
        List<HandleValue> kept = current.orElse(List.of()).stream()
                .filter(v -> !ServiceTypes.names(v, Scope.HANDLES))
                .toList();
        HandleValue route = HandleValue.of(freeIndex(kept), SiteInfo.TYPE, SiteInfoCodec.encode(site), nowSeconds);
        if (homing.delegation(prefixHandle, List.of(route), Scope.HANDLES).isEmpty()) {
            return Decision.refuse(ResponseCode.INVALID_VALUE, "the site is this node's own");
        }
        if (inUse) {
            return Decision.refuse(
                    ResponseCode.HANDLE_ALREADY_EXISTS,
                    "prefix " + prefixHandle.suffix() + " has handles here: export and delete them first");
        }
        List<HandleValue> values = new ArrayList<>(kept);
        values.add(route);
        return new Decision(
                List.of(new RecordChange.Put(prefixHandle, values, List.of())),
                current.isPresent() ? new Outcome.Replaced(prefixHandle) : new Outcome.Created(prefixHandle));
    }

    private static int freeIndex(List<HandleValue> values) {
        Set<Integer> taken = values.stream().map(HandleValue::index).collect(Collectors.toSet());
        int index = 1;
        while (taken.contains(index)) {
            index++;
        }
        return index;
    }
}
