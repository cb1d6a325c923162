package io.waymark.storage.spool;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The highest durable position, and those who wait for a higher one. Thread-safe. */
final class DurablePosition {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile long position;
    private boolean closed;

    DurablePosition(long position) {
        this.position = position;
    }

    long get() {
        return position;
    }

    void advance(long to) {
        lock.lock();
        try {
            position = to;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets all waiters go. */
    void close() {
        lock.lock();
        try {
            closed = true;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean await(long wanted, Duration timeout) throws InterruptedException {
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
