package io.waymark.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From offering messages to their being on the disk: an operation is a batch, {@code messages} counts its members.
 *
 * <p>{@link #fdatasync} is the floor: the same octets written into a file that already has its size, and forced. (Into a
 * growing file it is several times slower, because the file's new length must reach the disk too.)
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class SpoolAppendBenchmark {
    private static final int PAYLOAD = 256;
    /** What an entry has beside its payload, about. */
    private static final int ENVELOPE = 64;

    private static final long FILE_BYTES = 64L << 20;

    /** Messages offered before the first is waited for: what so many connections do. */
    @Param({"1", "16", "256", "4096"})
    private int together;

    private final SpoolMessage message =
            new SpoolMessage("device-1", "bench/1", 1, 1_795_305_600_000L, "", List.of(), new byte[PAYLOAD]);
    private final Semaphore durable = new Semaphore(0);
    private final Spool.Completion completion = new Spool.Completion() {
        @Override
        public void durable(long position) {
            durable.release();
        }

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException("the spool failed", cause);
        }
    };

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private BenchFolder folder;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private Spool spool;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private FileChannel file;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private ByteBuffer octets;

    private long position;

    /** Messages per second, beside batches per second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counted {
        /** Made durable. */
        public long messages;
    }

    /** Opens spool and file. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = BenchFolder.create();
        spool = Spool.open(
                new SpoolConfig(folder.path().resolve("spool"), 64L << 30, 65_536, 4_096, Duration.ZERO),
                new SimpleMeterRegistry());
        octets = ByteBuffer.allocateDirect(together * (PAYLOAD + ENVELOPE));
        file = FileChannel.open(folder.path().resolve("floor"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            file.write(zeros.clear(), at);
        }
        file.force(true);
    }

    /** Lets go of what was written, as the forwarder does. */
    @TearDown(Level.Iteration)
    public void trim() {
        spool.trim(spool.lastDurable());
    }

    /** Removes everything. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        file.close();
        spool.close();
        folder.close();
    }

    /** Offer so many, wait for all. */
    @Benchmark
    public void append(Counted counted) throws InterruptedException {
        for (int i = 0; i < together; i++) {
            if (spool.offer(new SpoolWrite(message, null), completion) != Spool.Offer.ACCEPTED) {
                throw new IllegalStateException("the spool has no room for " + together + " messages");
            }
        }
        durable.acquire(together);
        counted.messages += together;
    }

    /** The floor: one write of as many octets, one fdatasync. */
    @Benchmark
    public void fdatasync(Counted counted) throws IOException {
        if (position + octets.capacity() > FILE_BYTES) {
            position = 0;
        }
        position += file.write(octets.clear(), position);
        file.force(false);
        counted.messages += together;
    }
}
