package io.waymark.gateway.server;

import io.netty.channel.EventLoop;
import io.waymark.gateway.session.TimerWheel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: deadlines, the mailbox through which other threads reach them, and the writes
 * that wait because the spool is full. Event loop only, except {@link #post}.
 */
final class LoopContext {
    /** Something another thread has for this loop. Chained into the mailbox without allocation. */
    abstract static class Mail {
        private @Nullable Mail next;

        /** On the event loop. */
        abstract void open();
    }

    private static final Logger LOG = LoggerFactory.getLogger(LoopContext.class);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WHEEL_SLOTS = 1_024;
    private static final long RETRY_MILLIS = 5;

    private final EventLoop loop;
    private final TimerWheel wheel = new TimerWheel(WHEEL_SLOTS, TICK_NANOS, System.nanoTime());
    private final AtomicReference<@Nullable Mail> mailbox = new AtomicReference<>();
    private final Set<MqttHandler> connections = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<MqttHandler> touched = new ArrayList<>();
    private final ArrayDeque<SpoolGate> blocked = new ArrayDeque<>();
    private final SpoolGate detached;
    private final KafkaWaits kafkaWaits = new KafkaWaits(this);
    private boolean retrying;

    LoopContext(EventLoop loop, Journal journal) {
        this.loop = loop;
        this.detached = new SpoolGate(this, journal, () -> {}, () -> {});
        loop.scheduleAtFixedRate(() -> wheel.advance(System.nanoTime()), TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    TimerWheel wheel() {
        return wheel;
    }

    Set<MqttHandler> connections() {
        return connections;
    }

    /** Acknowledgements that wait for Kafka. */
    KafkaWaits kafkaWaits() {
        return kafkaWaits;
    }

    /** For writes that no connection waits for: wills, sessions to forget. */
    SpoolGate detached() {
        return detached;
    }

    /** Any thread. The loop is woken only when its mailbox was empty. */
    void post(Mail mail) {
        Mail before;
        do {
            before = mailbox.get();
            mail.next = before;
        } while (!mailbox.compareAndSet(before, mail));
        if (before == null) {
            execute(this::openAll);
        }
    }

    /** Any thread. Once the loop has ended there is nobody left to do anything for. */
    void execute(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop has ended");
        }
    }

    private void openAll() {
        Mail inOrder = null;
        Mail newest = mailbox.getAndSet(null);
        while (newest != null) {
            Mail older = newest.next;
            newest.next = inOrder;
            inOrder = newest;
            newest = older;
        }
        while (inOrder != null) {
            Mail following = inOrder.next;
            inOrder.next = null;
            open(inOrder);
            inOrder = following;
        }
        finishTouched();
    }

    private void finishTouched() {
        for (int i = 0; i < touched.size(); i++) {
            finish(touched.get(i));
        }
        touched.clear();
    }

    // What goes wrong for one connection must not keep the others from their mail.

    private static void open(Mail mail) {
        try {
            mail.open();
        } catch (RuntimeException e) {
            LOG.error("unexpected error on an event loop", e);
        }
    }

    private static void finish(MqttHandler handler) {
        try {
            handler.finishBatch();
        } catch (RuntimeException e) {
            LOG.error("unexpected error on an event loop", e);
        }
    }

    /** While mail is opened: this connection has something to send when all is opened. */
    void touch(MqttHandler handler) {
        touched.add(handler);
    }

    /** The gate's first write found the spool full. */
    void block(SpoolGate gate) {
        blocked.add(gate);
        retryLater();
    }

    private void retryLater() {
        if (!retrying) {
            retrying = true;
            loop.schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** In the order in which they were blocked, until one finds the spool still full. */
    private void retry() {
        retrying = false;
        retryAll();
        finishTouched();
    }

    private void retryAll() {
        for (int i = blocked.size(); i > 0; i--) {
            SpoolGate gate = blocked.element();
            if (!gate.retry()) {
                retryLater();
                return;
            }
            blocked.remove();
        }
    }
}
