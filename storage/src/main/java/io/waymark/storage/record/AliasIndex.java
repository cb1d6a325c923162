package io.waymark.storage.record;

import io.waymark.identifier.Handle;
import io.waymark.storage.rocks.RocksBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which code leads to which record, in both directions, as it will be once the running group is committed: what is on
 * disk, overlaid with the group's own changes. Writer thread only.
 */
final class AliasIndex {
    private final RecordTables tables;
    private final Known known;
    /** Canonical identifier → folded handle; empty = free. */
    private final Map<String, Optional<String>> holders = new HashMap<>();
    /** Folded handle → its codes. */
    private final Map<String, Set<String>> lists = new HashMap<>();

    /** What is known of a record without looking into the index. */
    interface Known {
        /** False if the record certainly has no codes on disk. */
        boolean mayHaveAliases(String key, byte[] keyOctets);
    }

    AliasIndex(RecordTables tables, Known known) {
        this.tables = tables;
        this.known = known;
    }

    /** Starts a new group. */
    void clear() {
        holders.clear();
        lists.clear();
    }

    /**
     * Gives each record exactly the codes listed for it, all together or none: a code may move between records of one
     * unit.
     *
     * @param unit at most one change per record
     * @throws AliasTakenException if a code belongs to a record that is not part of the unit, or to two of the unit
     */
    void assign(List<RecordWriter.Encoded> unit) {
        Map<String, String> claims = claims(unit);
        unit.forEach(this::replaceList);
        claims.forEach((alias, key) -> holders.put(alias, Optional.of(key)));
    }

    /** The codes the group has changed so far. */
    Set<String> changed() {
        return holders.keySet();
    }

    /** Writes the overlay. */
    void flush(RocksBatch batch) {
        holders.forEach((alias, holder) -> holder.ifPresentOrElse(
                key -> batch.put(tables.aliases(), utf8(alias), utf8(key)),
                () -> batch.delete(tables.aliases(), utf8(alias))));
        lists.forEach((key, aliases) -> {
            if (aliases.isEmpty()) {
                batch.delete(tables.aliasesOf(), utf8(key));
            } else {
                batch.put(tables.aliasesOf(), utf8(key), AliasList.encode(aliases));
            }
        });
    }

    private Map<String, String> claims(List<RecordWriter.Encoded> unit) {
        Map<String, String> claims = new LinkedHashMap<>();
        for (RecordWriter.Encoded change : unit) {
            for (String alias : change.aliases()) {
                String rival = claims.putIfAbsent(alias, change.key());
                if (rival != null && !rival.equals(change.key())) {
                    throw new AliasTakenException(alias, rival, new Handle(change.key()));
                }
            }
        }
        if (!claims.isEmpty()) {
            Set<String> keys = unit.stream().map(RecordWriter.Encoded::key).collect(Collectors.toUnmodifiableSet());
            claims.forEach((alias, key) -> requireFree(alias, key, keys));
        }
        return claims;
    }

    private void requireFree(String alias, String key, Set<String> unit) {
        Optional<String> holder = holder(alias);
        if (holder.isPresent() && !unit.contains(holder.get())) {
            throw new AliasTakenException(alias, holder.get(), new Handle(key));
        }
    }

    private void replaceList(RecordWriter.Encoded change) {
        Set<String> former = list(change);
        former.forEach(alias -> holders.put(alias, Optional.empty()));
        if (!former.isEmpty() || !change.aliases().isEmpty()) {
            lists.put(change.key(), new LinkedHashSet<>(change.aliases()));
        }
    }

    private Optional<String> holder(String alias) {
        Optional<String> inGroup = holders.get(alias);
        return inGroup != null ? inGroup : stored(alias);
    }

    private Optional<String> stored(String alias) {
        byte[] key = tables.store().get(tables.aliases(), utf8(alias));
        return key == null ? Optional.empty() : Optional.of(new String(key, StandardCharsets.UTF_8));
    }

    private Set<String> list(RecordWriter.Encoded record) {
        Set<String> inGroup = lists.get(record.key());
        if (inGroup != null) {
            return inGroup;
        }
        return known.mayHaveAliases(record.key(), record.keyOctets()) ? storedList(record) : Set.of();
    }

    private Set<String> storedList(RecordWriter.Encoded record) {
        byte[] list = tables.store().get(tables.aliasesOf(), record.keyOctets());
        return list == null ? Set.of() : AliasList.decode(record.key(), list);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
