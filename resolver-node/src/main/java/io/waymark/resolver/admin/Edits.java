package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.ResponseCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes of some values of a record. Pure: (record now, wish, time) to a decision. */
public final class Edits {
    private Edits() {}

    /** Adds values at indexes the record does not have; with {@code overwrite}, at those it has too. */
    public static Decision add(
            RegistrationRules rules,
            Handle handle,
            Optional<List<HandleValue>> current,
            List<HandleValue> added,
            boolean overwrite,
            int nowSeconds) {
        return overwrite
                ? merge(rules, handle, current, added, Wish.SET, nowSeconds)
                : merge(rules, handle, current, added, Wish.ADD, nowSeconds);
    }

    /** Replaces values at indexes the record has. */
    public static Decision modify(
            RegistrationRules rules,
            Handle handle,
            Optional<List<HandleValue>> current,
            List<HandleValue> changed,
            int nowSeconds) {
        return merge(rules, handle, current, changed, Wish.MODIFY, nowSeconds);
    }

    /** Removes values; indexes the record does not have are no fault, unless it has none of them. */
    public static Decision remove(
            RegistrationRules rules, Handle handle, Optional<List<HandleValue>> current, List<Integer> indexes) {
        if (current.isEmpty()) {
            return absent(handle);
        }
        Set<Integer> gone = new HashSet<>(indexes);
        List<HandleValue> left =
                current.get().stream().filter(v -> !gone.contains(v.index())).toList();
        if (left.size() == current.get().size()) {
            return Decision.refuse(
                    ResponseCode.VALUES_NOT_FOUND, "handle " + handle.text() + " has no values at " + indexes);
        }
        return rules.edit(handle, left);
    }

    private enum Wish {
        ADD,
        MODIFY,
        SET
    }

    private static Decision merge(
            RegistrationRules rules,
            Handle handle,
            Optional<List<HandleValue>> current,
            List<HandleValue> wanted,
            Wish wish,
            int nowSeconds) {
        if (current.isEmpty()) {
            return absent(handle);
        }
        List<HandleValue> merged = new ArrayList<>(current.get());
        Set<Integer> seen = new HashSet<>();
        for (HandleValue v : RegistrationRules.stamped(wanted, nowSeconds)) {
            if (!seen.add(v.index())) {
                return Decision.refuse(
                        ResponseCode.VALUE_ALREADY_EXISTS, "index " + v.index() + " occurs more than once");
            }
            int at = placeOf(merged, v.index());
            if (at >= 0 && wish == Wish.ADD) {
                return Decision.refuse(
                        ResponseCode.VALUE_ALREADY_EXISTS, "handle " + handle.text() + " has a value at " + v.index());
            }
            if (at < 0 && wish == Wish.MODIFY) {
                return Decision.refuse(
                        ResponseCode.VALUES_NOT_FOUND, "handle " + handle.text() + " has no value at " + v.index());
            }
            if (at < 0) {
                merged.add(v);
            } else {
                merged.set(at, v);
            }
        }
        return rules.edit(handle, merged);
    }

    private static int placeOf(List<HandleValue> values, int index) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).index() == index) {
                return i;
            }
        }
        return -1;
    }

    private static Decision absent(Handle handle) {
        return Decision.refuse(ResponseCode.HANDLE_NOT_FOUND, "there is no handle " + handle.text());
    }
}
