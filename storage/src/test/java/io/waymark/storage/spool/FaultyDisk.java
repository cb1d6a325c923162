package io.waymark.storage.spool;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.RocksBatch;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Stands between writer and disk: lets commits wait, fail without a trace, or fail after all was written. */
final class FaultyDisk implements UnaryOperator<Consumer<RocksBatch>> {
    enum Mode {
        WORKING,
        FAILS_BEFORE_WRITING,
        /** As when the log was written and its fsync reported an error: the worst case for a later restart. */
        FAILS_AFTER_WRITING,
        /** The same once, then all is well. */
        FAILS_ONCE_AFTER_WRITING,
        /** The same once, then nothing is written any more. */
        FAILS_ONCE_AFTER_WRITING_THEN_FAILS
    }

    volatile Mode mode = Mode.WORKING;
    /** Commits that succeeded. */
    final AtomicInteger commits = new AtomicInteger();

    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);

    /** Commits wait until {@link #release}. */
    void hold() {
        gate.drainPermits();
    }

    void release() {
        gate.release(Integer.MAX_VALUE / 2);
    }

    @Override
    public Consumer<RocksBatch> apply(Consumer<RocksBatch> disk) {
        return batch -> {
            gate.acquireUninterruptibly();
            switch (mode) {
                case WORKING -> {
                    disk.accept(batch);
                    commits.incrementAndGet();
                }
                case FAILS_ONCE_AFTER_WRITING -> {
                    disk.accept(batch);
                    mode = Mode.WORKING;
                    throw failure();
                }
                case FAILS_ONCE_AFTER_WRITING_THEN_FAILS -> {
                    disk.accept(batch);
                    mode = Mode.FAILS_BEFORE_WRITING;
                    throw failure();
                }
                case FAILS_BEFORE_WRITING -> throw failure();
                case FAILS_AFTER_WRITING -> {
                    disk.accept(batch);
                    throw failure();
                }
            }
        };
    }

    private static StorageException failure() {
        return new StorageException("cannot write: no space left (test)", new IOException("No space left on device"));
    }
}
