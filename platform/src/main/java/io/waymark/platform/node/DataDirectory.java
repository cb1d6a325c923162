package io.waymark.platform.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The data directory, held by one process at a time: an operating-system lock on {@code lock}, which also names the
 * process. The lock goes with the process however it ends, so none is ever left behind.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the directory if need be and takes its lock.
     *
     * @throws StartException if another process holds it, naming that process, or it cannot be used
     */
    static DataDirectory open(Path path) throws StartException {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            OwnerOnly.directory(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve(LOCK),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StartException("data directory " + absolute + " is in use by another waymark serve"
                        + holder(absolute.resolve(LOCK)) + "; stop it, or choose another directory with --data");
            }
            writePid(channel);
            return new DataDirectory(absolute, channel);
        } catch (IOException e) {
            throw new StartException("data directory " + absolute + " cannot be used: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static void writePid(FileChannel channel) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
    }

    private static String holder(Path lock) throws IOException {
        String pid = Files.readString(lock, StandardCharsets.US_ASCII).strip();
        return pid.matches("\\d{1,10}") ? " (process " + pid + ")" : "";
    }
}
