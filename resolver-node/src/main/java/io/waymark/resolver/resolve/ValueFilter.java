package io.waymark.resolver.resolve;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values of a record were asked for. With neither indexes nor types: all. Else those whose index is listed or
 * whose type fits; types compare ASCII case-insensitively, and one that ends in a dot stands for all types that begin
 * so, and for the bare name.
 *
 * @see "RFC 3652 §3.2.1 Query Request"
 */
public final class ValueFilter {
    private static final ValueFilter ALL = new ValueFilter(List.of(), List.of());

    private final Set<Integer> indexes;
    private final List<String> foldedTypes;

    /**
     * @param indexes wanted
     * @param types wanted
     */
    public ValueFilter(List<Integer> indexes, List<String> types) {
        this.indexes = new HashSet<>(indexes);
        this.foldedTypes = types.stream().map(Handle::foldAscii).toList();
    }

    /** Every value. */
    public static ValueFilter all() {
        return ALL;
    }

    /** Whether the value was asked for. */
    public boolean wants(HandleValue value) {
        if (indexes.isEmpty() && foldedTypes.isEmpty()) {
            return true;
        }
        return indexes.contains(value.index()) || wantsType(Handle.foldAscii(value.type()));
    }

    private boolean wantsType(String type) {
        for (String wanted : foldedTypes) {
            if (type.equals(wanted) || (wanted.endsWith(".") && isUnder(wanted, type))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnder(String wanted, String type) {
        return type.startsWith(wanted) || (type.length() == wanted.length() - 1 && wanted.startsWith(type));
    }
}
