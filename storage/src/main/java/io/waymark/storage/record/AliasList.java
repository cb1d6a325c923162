package io.waymark.storage.record;

import io.waymark.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The codes of one record as they are stored: {@code u1 version = 1, then each u2 length + UTF-8}. */
public final class AliasList {
    private static final int VERSION = 1;
    private static final int ALIAS_BYTES_MAX = 0xffff;

    private AliasList() {}

    /** @param aliases each checked before */
    public static byte[] encode(Collection<String> aliases) {
        List<byte[]> encoded = aliases.stream().map(AliasList::utf8).toList();
        int size = 1 + encoded.stream().mapToInt(a -> 2 + a.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size).put((byte) VERSION);
        encoded.forEach(a -> out.putShort((short) a.length).put(a));
        return out.array();
    }

    /**
     * In the order they were encoded.
     *
     * @param key folded handle, for the message
     * @throws StorageException if the version is unknown or the list is damaged
     */
    public static Set<String> decode(String key, byte[] list) {
        ByteBuffer in = ByteBuffer.wrap(list);
        if (list.length == 0 || in.get() != VERSION) {
            throw new StorageException(
                    "alias list of " + key + " is none of version " + VERSION + ", the only one known here");
        }
        Set<String> aliases = new LinkedHashSet<>();
        while (in.hasRemaining()) {
            int length = in.remaining() < 2 ? Integer.MAX_VALUE : in.getShort() & 0xffff;
            if (length > in.remaining()) {
                throw new StorageException("alias list of " + key + " is cut short at " + list.length + " bytes");
            }
            byte[] alias = new byte[length];
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
