package io.waymark.storage.device;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The parts that the layouts of this package are made of: big-endian numbers, and texts behind their length. */
final class Layout {
    static final int STRING_BYTES_MAX = 0xffff;

    private Layout() {}

    /** Reads what stands behind the version. */
    interface Reader<T> {
        T read(ByteBuffer in, int version);
    }

    /** @throws IllegalArgumentException if the octets are of no known version, cut short or too long */
    static <T> T read(byte[] stored, int newest, Reader<T> reader) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        try {
            int version = in.get() & 0xff;
            if (version < 1 || version > newest) {
                throw new IllegalArgumentException(
                        "has version " + version + " but only 1 to " + newest + " are known");
            }
            T value = reader.read(in, version);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("has " + in.remaining() + " bytes too many");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("is cut short at " + stored.length + " bytes", e);
        }
    }

    static String text(ByteBuffer in) {
        byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining() + 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Grows as needed. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

        Writer u1(int value) {
            out.write(value);
            return this;
        }

        Writer i4(int value) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
            return this;
        }

        Writer i8(long value) {
            out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
            return this;
        }

        /** Two octets that say how many follow. */
        Writer count(String what, int count) {
            if (count > STRING_BYTES_MAX) {
                throw new IllegalArgumentException(
                        what + " must be at most " + STRING_BYTES_MAX + " but were " + count);
            }
            out.write(count >> 8);
            out.write(count);
            return this;
        }

        Writer text(String what, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > STRING_BYTES_MAX) {
                throw new IllegalArgumentException(
                        what + " must be at most " + STRING_BYTES_MAX + " bytes but was " + bytes.length);
            }
            count(what, bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        byte[] octets() {
            return out.toByteArray();
        }
    }
}
