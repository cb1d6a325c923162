package io.waymark.identifier.handle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One value of a handle record. Immutable by convention: {@code data} is owned by the value and never written after
 * construction.
 *
 * @param index 1 … 2^31-1, unique in its record
 * @param type for example {@code URL}, {@code HS_ADMIN}
 * @param data the octets, meaning given by {@code type}
 * @param ttl how long a client may cache it
 * @param timestampSeconds last modification, seconds since 1970 UTC
 * @param permissions bits of {@link Permissions}
 * @param references values this one refers to
 * @see "RFC 3651 §3.1 Handle Value Set"
 */
public record HandleValue(
        int index,
        String type,
        byte[] data,
        TimeToLive ttl,
        int timestampSeconds,
        int permissions,
        List<ValueReference> references) {

    /** Copies the references, refuses indexes below 1. */
    public HandleValue {
        if (index < 1) {
            throw new IllegalArgumentException("index must be at least 1 but was " + index);
        }
        references = List.copyOf(references);
    }

    /** A public value with default permissions and a day to live. */
    public static HandleValue of(int index, String type, byte[] data, int timestampSeconds) {
        return new HandleValue(index, type, data, TimeToLive.DAY, timestampSeconds, Permissions.DEFAULT, List.of());
    }

    /** A public text value with default permissions and a day to live. */
    public static HandleValue text(int index, String type, String data, int timestampSeconds) {
        return of(index, type, data.getBytes(StandardCharsets.UTF_8), timestampSeconds);
    }

    /** The data read as UTF-8. */
    public String dataText() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** Whether an anonymous caller may read the value. */
    public boolean isPublic() {
        return (permissions & Permissions.PUBLIC_READ) != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HandleValue v
                && index == v.index
                && timestampSeconds == v.timestampSeconds
                && permissions == v.permissions
                && type.equals(v.type)
                && Arrays.equals(data, v.data)
                && ttl.equals(v.ttl)
                && references.equals(v.references);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * index + type.hashCode()) + Arrays.hashCode(data);
    }
}
