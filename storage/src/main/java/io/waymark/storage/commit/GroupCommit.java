package io.waymark.storage.commit;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that commits what many threads offer, in groups: while one group is being fsynced the next one gathers.
 *
 * <p>Bounded twice, by number and by weight. A write counts from its offer until its commit ends, so weight bounds the
 * memory of waiting and running writes together; who was told of the end finds the room free. Writes of one thread are committed in the order they were offered.
 *
 * @param <W> what is written
 */
public final class GroupCommit<W extends GroupCommit.Write> implements AutoCloseable {
    /** Whether an offer was taken. */
    public enum Taken {
        /** Its group will be committed or failed. */
        ACCEPTED,
        /** As many writes wait as may. */
        TOO_MANY,
        /** The waiting writes weigh as much as they may. */
        TOO_HEAVY,
        /** Closing. */
        CLOSED
    }

    /** Something to commit. */
    public interface Write {
        /** Its share of {@link Limits#weightMax}; at least 1, always the same. */
        long weight();
    }

    /** What the writer thread does; called on it only. */
    public interface Work<W> {
        /** Makes the group durable, or throws: then {@link #failed} follows, else {@link #committed}. */
        void commit(List<W> group);

        /** Tells those who wait that the group is durable. */
        void committed(List<W> group);

        /** Tells those who wait that the group did not happen, and the log if it is worth it. */
        void failed(List<W> group, Throwable cause);

        /** Called after every group and when idle; returns nanoseconds until it wants to be called again. */
        long housekeeping();
    }

    /**
     * Bounds.
     *
     * @param countMax most writes waiting
     * @param weightMax most weight of writes waiting or in the running group
     * @param groupMax most writes in one commit
     */
    public record Limits(int countMax, long weightMax, int groupMax) {
        /** Refuses bounds below 1. */
        public Limits {
            if (countMax < 1 || weightMax < 1 || groupMax < 1) {
                throw new IllegalArgumentException("limits must be at least 1 but were " + countMax
                        + " writes waiting, " + weightMax + " weight, " + groupMax + " writes in a group");
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long CLOSING_POLL_NANOS = 1_000_000;

    private final Limits limits;
    private final Work<W> work;
    private final MpscAtomicArrayQueue<W> queue;
    /** Weight owed, plus {@link #CLOSED} once closing: nothing owed and closed is the writer's end. */
    private final AtomicLong owed = new AtomicLong();

    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean woken;

    /** Starts the thread. */
    public GroupCommit(String threadName, Limits limits, Work<W> work) {
        this.limits = limits;
        this.work = work;
        this.queue = new MpscAtomicArrayQueue<>(Math.max(2, limits.countMax()));
        this.thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Any thread; never blocks. */
    public Taken offer(W write) {
        long weight = write.weight();
        long total = owed.addAndGet(weight);
        if (total < 0) {
            return refuse(weight, Taken.CLOSED);
        }
        if (total > limits.weightMax()) {
            return refuse(weight, Taken.TOO_HEAVY);
        }
        if (!queue.offerIfBelowThreshold(write, limits.countMax())) {
            return refuse(weight, Taken.TOO_MANY);
        }
        unparkIfParked();
        return Taken.ACCEPTED;
    }

    /** Writes waiting for the next group. */
    public int waiting() {
        return queue.size();
    }

    /** The weight of writes waiting or in the running group. */
    public long weight() {
        long now = owed.get();
        return now < 0 ? now - CLOSED : now;
    }

    /** Has {@link Work#housekeeping} called soon. */
    public void wake() {
        woken = true;
        unparkIfParked();
    }

    /** Refuses new writes, commits those accepted, ends the thread. */
    @Override
    public void close() {
        owed.getAndUpdate(n -> n < 0 ? n : n + CLOSED);
        LockSupport.unpark(thread);
        joinUninterruptibly();
    }

    private Taken refuse(long weight, Taken reason) {
        owed.addAndGet(-weight);
        return reason;
    }

    private void unparkIfParked() {
        // The queue publishes with a release store only; without the fence the read of parked could pass it
        // and both sides would wait for each other.
        VarHandle.fullFence();
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        List<W> group = new ArrayList<>();
        while (!finished()) {
            long weight = gather(group);
            if (!group.isEmpty()) {
                commit(group, weight);
                group.clear();
            }
            long nap = housekeeping();
            if (weight == 0) {
                park(nap);
            }
        }
    }

    private boolean finished() {
        return owed.get() == CLOSED;
    }

    private long gather(List<W> group) {
        long weight = 0;
        while (group.size() < limits.groupMax()) {
            W write = queue.poll();
            if (write == null) {
                break;
            }
            weight += write.weight();
            group.add(write);
        }
        return weight;
    }

    private void commit(List<W> group, long weight) {
        Throwable failure = null;
        try {
            work.commit(group);
        } catch (Throwable cause) {
            failure = cause;
        }
        owed.addAndGet(-weight);
        tell(group, failure);
    }

    private void tell(List<W> group, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                work.committed(group);
            } else {
                work.failed(group, failure);
            }
        } catch (Throwable cause) {
            LOG.error("cannot tell {} writers what became of their writes", group.size(), cause);
        }
    }

    private long housekeeping() {
        try {
            return work.housekeeping();
        } catch (Throwable cause) {
            LOG.error("housekeeping of {} failed; it is tried again", thread.getName(), cause);
            return CLOSING_POLL_NANOS * 1_000;
        }
    }

    private void park(long nap) {
        parked = true;
        if (queue.isEmpty() && !woken && !finished()) {
            LockSupport.parkNanos(this, owed.get() < 0 ? CLOSING_POLL_NANOS : nap);
        }
        parked = false;
        woken = false;
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
