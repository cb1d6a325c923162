package io.waymark.storage.commit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The highest durable position, and those who wait for a higher one. Thread-safe. */
public final class DurablePosition {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long position;
    private boolean closed;

    /** @param position durable already */
    public DurablePosition(long position) {
        this.position = position;
    }

    /** The highest durable position. */
    public long get() {
        return position;
    }

    /** Everything up to here is durable now. */
    public void advance(long to) {
        lock.lock();
        try {
            position = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets all waiters go. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the position is durable, time is up, or this is closed; whether it is durable. */
    public boolean await(long wanted, Duration timeout) throws InterruptedException {
        if (position >= wanted) {
            return true;
        }
        lock.lock();
        try {
            long nanos = timeout.toNanos();
            while (position < wanted && !closed && nanos > 0) {
                nanos = advanced.awaitNanos(nanos);
            }
            return position >= wanted;
        } finally {
            lock.unlock();
        }
    }
}
