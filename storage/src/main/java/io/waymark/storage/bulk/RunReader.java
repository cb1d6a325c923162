package io.waymark.storage.bulk;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads a run from its beginning to its end, where it knows whether the file is what was written. One thread. */
final class RunReader implements AutoCloseable {
    private final Run run;
    /** Decides between equal keys. */
    private final int ordinal;

    private final FileChannel in;
    private final CRC32C crc = new CRC32C();
    private byte[] buffer;
    private int position;
    private int limit;
    private long read;
    private long entries;
    private int keyAt;
    private int keyLength;
    private int payloadLength;

    RunReader(Run run, int ordinal, int bufferBytes) throws IOException {
        this.run = run;
        this.ordinal = ordinal;
        this.buffer = new byte[Math.max(Run.HEADER, bufferBytes)];
        this.in = FileChannel.open(run.file());
    }

    /** Goes to the next entry; false behind the last. */
    boolean next() throws IOException {
        if (entries == run.entries()) {
            demandIntact();
            return false;
        }
        need(Run.HEADER);
        keyLength = (buffer[position] & 0xff) << 8 | (buffer[position + 1] & 0xff);
        payloadLength = ByteBuffer.wrap(buffer).getInt(position + 2);
        if (payloadLength < 0 || payloadLength > run.bytes()) {
            throw damaged();
        }
        need(Run.HEADER + keyLength + payloadLength);
        keyAt = position + Run.HEADER;
        position = keyAt + keyLength + payloadLength;
        entries++;
        return true;
    }

    /** The entry here, valid until {@link #next}. */
    byte[] buffer() {
        return buffer;
    }

    int keyAt() {
        return keyAt;
    }

    int keyLength() {
        return keyLength;
    }

    int payloadAt() {
        return keyAt + keyLength;
    }

    int payloadLength() {
        return payloadLength;
    }

    int compareTo(RunReader other) {
        int order = Arrays.compareUnsigned(
                buffer, keyAt, keyAt + keyLength, other.buffer, other.keyAt, other.keyAt + other.keyLength);
        return order != 0 ? order : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void need(int bytes) throws IOException {
        if (limit - position >= bytes) {
            return;
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        if (bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(bytes, 2 * buffer.length));
        }
        while (limit < bytes) {
            int n = in.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit));
            if (n < 0) {
                throw damaged();
            }
            crc.update(buffer, limit, n);
            limit += n;
            read += n;
        }
    }

    private void demandIntact() {
        if (position != limit || read != run.bytes() || (int) crc.getValue() != run.crc()) {
            throw damaged();
        }
    }

    private StorageException damaged() {
        Path directory = run.file().getParent();
        return new StorageException(run.file() + " is not what was written there; delete " + directory
                + " and import again, and look after the disk");
    }
}
