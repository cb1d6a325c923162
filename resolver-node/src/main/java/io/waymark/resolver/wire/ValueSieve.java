package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.waymark.identifier.handle.Permissions;
import java.nio.ByteBuffer;

/**
 * Takes out of an encoded value list, in place, what was not asked for and what not everybody may read.
 *
 * <p>The rule is that of {@link io.waymark.resolver.resolve.ValueFilter}: with neither indexes nor types everything is
 * asked for, else what has one of the indexes or fits one of the types; types compare without regard to ASCII case, and
 * one that ends in a dot stands for all that begin so and for the bare name.
 */
final class ValueSieve {
    /** The list is damaged. */
    static final int DAMAGED = -1;
    /** A value asked for is for administrators, and the asker did not say that he wants public ones only. */
    static final int FOR_ADMINISTRATORS = -2;

    private final ValueCursor cursor = new ValueCursor();

    /**
     * Sifts.
     *
     * @param list of which the octets from {@code at} to {@code end} are {@code i4 count, values}
     * @return the new end; or one of the constants, and then the list is spoilt
     */
    int sift(PlainRequest request, ByteBuffer list, int at, int end) {
        int count = end - at < 4 ? -1 : list.getInt(at);
        int to = at + 4;
        int kept = 0;
        cursor.reset(list, to, end);
        for (int n = 0; n < count; n++) {
            if (!cursor.next()) {
                return DAMAGED;
            }
            if (wants(request)) {
                if (isPublic()) {
                    to = keep(list, to);
                    kept++;
                } else if (mustAsk(request)) {
                    return FOR_ADMINISTRATORS;
                }
            }
        }
        if (count < 0 || (count > 0 && cursor.stop() != end)) {
            return DAMAGED;
        }
        list.putInt(at, kept);
        return to;
    }

    private int keep(ByteBuffer list, int to) {
        int bytes = cursor.stop() - cursor.start();
        if (to != cursor.start()) {
            list.put(to, list, cursor.start(), bytes);
        }
        return to + bytes;
    }

    private boolean isPublic() {
        return (cursor.permissions() & Permissions.PUBLIC_READ) != 0;
    }

    private boolean mustAsk(PlainRequest request) {
        return !request.wantsPublicOnly() && (cursor.permissions() & Permissions.ADMIN_READ) != 0;
    }

    private boolean wants(PlainRequest request) {
        return request.wantsAll() || wantsIndex(request) || wantsType(request);
    }

    private boolean wantsIndex(PlainRequest request) {
        for (int n = 0; n < request.indexes(); n++) {
            if (request.index(n) == cursor.index()) {
                return true;
            }
        }
        return false;
    }

    private boolean wantsType(PlainRequest request) {
        ByteBuf in = request.in();
        int at = request.typesAt();
        for (int n = 0; n < request.types(); n++) {
            int bytes = in.getInt(at);
            if (fits(in, at + 4, bytes)) {
                return true;
            }
            at += 4 + bytes;
        }
        return false;
    }

    private boolean fits(ByteBuf in, int at, int bytes) {
        int type = cursor.typeBytes();
        if (type == bytes) {
            return begins(in, at, bytes);
        }
        boolean family = bytes > 0 && in.getByte(at + bytes - 1) == '.';
        return family && (type > bytes ? begins(in, at, bytes) : type == bytes - 1 && begins(in, at, type));
    }

    private boolean begins(ByteBuf in, int at, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (AsciiFold.fold(in.getByte(at + i)) != cursor.typeOctet(i)) {
                return false;
            }
        }
        return true;
    }
}
