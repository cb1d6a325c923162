package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Writes a run whose entries come in order. One thread. */
final class RunWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final FileChannel out;
    private final Octets buffer = new Octets(2 * BUFFER);
    private final CRC32C crc = new CRC32C();
    private long entries;
    private long bytes;

    RunWriter(Path file) throws IOException {
        this.file = file;
        this.out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    void add(MergedRuns entry) throws IOException {
        int length = Run.HEADER + entry.keyLength() + entry.payloadLength();
        buffer.put(entry.buffer(), entry.keyAt() - Run.HEADER, length);
        entries++;
        if (buffer.size() >= BUFFER) {
            flush();
        }
    }

    Run finish() throws IOException {
        flush();
        return new Run(file, entries, bytes, (int) crc.getValue());
    }

    private void flush() throws IOException {
        crc.update(buffer.array(), 0, buffer.size());
        ByteBuffer rest = ByteBuffer.wrap(buffer.array(), 0, buffer.size());
        while (rest.hasRemaining()) {
            bytes += out.write(rest);
        }
        buffer.truncate(0);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
