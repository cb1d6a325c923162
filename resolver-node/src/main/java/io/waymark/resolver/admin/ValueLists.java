package io.waymark.resolver.admin;

import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of an {@code HS_VLIST} value: {@code i4 count, count × (utf8 handle, i4 index)}.
 *
 * @see "RFC 3651 §3.2.7 HS_VLIST"
 */
public final class ValueLists {
    private ValueLists() {}

    /**
     * Reads a list.
     *
     * @throws MalformedRecordException if it is cut short or has more than {@link HandleValueCodec#MAX_VALUES} members
     */
    public static List<ValueReference> decode(byte[] data) throws MalformedRecordException {
        ByteBuffer in = ByteBuffer.wrap(data);
        int count = data.length < 4 ? -1 : in.getInt();
        if (count < 0 || count > HandleValueCodec.MAX_VALUES) {
            throw new MalformedRecordException("list must have 0.." + HandleValueCodec.MAX_VALUES + " references");
        }
        List<ValueReference> references = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.remaining() < 8 ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - 4) {
                throw new MalformedRecordException("reference " + i + " is cut short");
            }
            byte[] name = new byte[length];
            in.get(name);
            references.add(new ValueReference(new String(name, StandardCharsets.UTF_8), in.getInt()));
        }
        return references;
    }

    /** A list; empty if it cannot be read. */
    static List<ValueReference> decodeOrEmpty(byte[] data) {
        try {
            return decode(data);
        } catch (MalformedRecordException e) {
            return List.of();
        }
    }

    /** The octets of a list. */
    public static byte[] encode(List<ValueReference> references) {
        List<byte[]> names = references.stream()
                .map(r -> r.handle().getBytes(StandardCharsets.UTF_8))
                .toList();
        ByteBuffer out = ByteBuffer.allocate(
                4 + names.stream().mapToInt(n -> 8 + n.length).sum());
        out.putInt(references.size());
        for (int i = 0; i < references.size(); i++) {
            out.putInt(names.get(i).length)
                    .put(names.get(i))
                    .putInt(references.get(i).index());
        }
        return out.array();
    }
}
