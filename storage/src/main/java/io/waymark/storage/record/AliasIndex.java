package io.waymark.storage.record;

import io.waymark.identifier.Handle;
import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.RocksBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which code leads to which record, in both directions, as it will be once the running group is committed: what is on
 * disk, overlaid with the group's own changes. Writer thread only.
 *
 * <p>The list of a record's codes: {@code u1 version = 1, then each u2 length + UTF-8}.
 */
final class AliasIndex {
    private static final int LIST_VERSION = 1;
    private static final int ALIAS_BYTES_MAX = 0xffff;

    private final RecordTables tables;
    /** Canonical identifier → folded handle; empty = free. */
    private final Map<String, Optional<String>> holders = new HashMap<>();
    /** Folded handle → its codes. */
    private final Map<String, Set<String>> lists = new HashMap<>();

    AliasIndex(RecordTables tables) {
        this.tables = tables;
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
     * @param wanted folded handle → its codes from now on
     * @throws AliasTakenException if a code belongs to a record that is not part of the unit, or to two of the unit
     */
    void assign(Map<String, List<String>> wanted) {
        Map<String, String> claims = claims(wanted);
        wanted.forEach(this::replaceList);
        claims.forEach((alias, key) -> holders.put(alias, Optional.of(key)));
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
                batch.put(tables.aliasesOf(), utf8(key), encode(aliases));
            }
        });
    }

    private Map<String, String> claims(Map<String, List<String>> wanted) {
        Map<String, String> claims = new HashMap<>();
        wanted.forEach((key, aliases) -> {
            for (String alias : aliases) {
                String rival = claims.putIfAbsent(alias, key);
                if (rival != null && !rival.equals(key)) {
                    throw new AliasTakenException(alias, rival, new Handle(key));
                }
                Optional<String> holder = holder(alias);
                if (holder.isPresent() && !wanted.containsKey(holder.get())) {
                    throw new AliasTakenException(alias, holder.get(), new Handle(key));
                }
            }
        });
        return claims;
    }

    private void replaceList(String key, List<String> aliases) {
        Set<String> former = list(key);
        former.forEach(alias -> holders.put(alias, Optional.empty()));
        if (!former.isEmpty() || !aliases.isEmpty()) {
            lists.put(key, new LinkedHashSet<>(aliases));
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

    private Set<String> list(String key) {
        Set<String> inGroup = lists.get(key);
        return inGroup != null ? inGroup : storedList(key);
    }

    private Set<String> storedList(String key) {
        byte[] list = tables.store().get(tables.aliasesOf(), utf8(key));
        return list == null ? Set.of() : decode(key, list);
    }

    private static byte[] encode(Set<String> aliases) {
        List<byte[]> encoded = aliases.stream().map(AliasIndex::utf8).toList();
        int size = 1 + encoded.stream().mapToInt(a -> 2 + a.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).put((byte) LIST_VERSION);
        encoded.forEach(a -> out.putShort((short) a.length).put(a));
        return out.array();
    }

    private static Set<String> decode(String key, byte[] list) {
        ByteBuffer in = ByteBuffer.wrap(list);
        if (in.get() != LIST_VERSION) {
            throw new StorageException(
                    "alias list of " + key + " has version " + list[0] + " but only " + LIST_VERSION + " is known");
        }
        Set<String> aliases = new LinkedHashSet<>();
        while (in.hasRemaining()) {
            byte[] alias = new byte[in.getShort() & 0xffff];
            in.get(alias);
            aliases.add(new String(alias, StandardCharsets.UTF_8));
        }
        return aliases;
    }

    /** @throws IllegalArgumentException if the code is empty or too long for the index */
    static void check(String alias) {
        int length = utf8(alias).length;
        if (length < 1 || length > ALIAS_BYTES_MAX) {
            throw new IllegalArgumentException("alias must be 1.." + ALIAS_BYTES_MAX + " bytes but was " + length);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
