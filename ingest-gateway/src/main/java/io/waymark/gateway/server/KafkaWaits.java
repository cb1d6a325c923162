package io.waymark.gateway.server;

import io.waymark.gateway.packet.AckLevel;
import java.util.ArrayDeque;

/**
 * Acknowledgements of one event loop that wait until Kafka has committed their messages. Their number is bounded by the receive
 * maximum of the loop's open connections, twice; nothing of the messages is kept. Event loop only, except {@link #reached}.
 */
final class KafkaWaits {
    private static final int SWEEP_FROM = 1_024;

    private record Wait(long position, InboundFlow flow, long token, long readNanos) {}

    private final LoopContext loop;
    private final ArrayDeque<Wait> waits = new ArrayDeque<>();
    private int sweepAt = SWEEP_FROM;
    private volatile boolean any;
    private volatile long reached;

    KafkaWaits(LoopContext loop) {
        this.loop = loop;
    }

    /** Settles the token once Kafka has committed the position; now if it has. Called in order of positions. */
    void await(long position, InboundFlow flow, long token, long readNanos) {
        waits.add(new Wait(position, flow, token, readNanos));
        flow.server().metrics().waiting.incrementAndGet();
        // Before reached is read: whoever raises it after that sees this.
        any = true;
        release();
        if (waits.size() >= sweepAt) {
            sweep();
        }
    }

    /** Connections come and go while Kafka is away: nobody waits for the acknowledgements of those that went. */
    private void sweep() {
        waits.removeIf(wait -> {
            boolean gone = !wait.flow.handler().isOpen();
            if (gone) {
                wait.flow.server().metrics().waiting.decrementAndGet();
            }
            return gone;
        });
        sweepAt = Math.max(SWEEP_FROM, 2 * waits.size());
    }

    /** Kafka has committed everything up to here. Any thread, one at a time. */
    void reached(long position) {
        reached = Math.max(reached, position);
        if (any) {
            loop.post(new Released(this));
        }
    }

    private void release() {
        long to = reached;
        for (Wait wait = waits.peek(); wait != null && wait.position <= to; wait = waits.peek()) {
            waits.remove();
            wait.flow.server().metrics().waiting.decrementAndGet();
            wait.flow.written(wait.token, wait.readNanos, AckLevel.KAFKA);
        }
        any = !waits.isEmpty();
    }

    private static final class Released extends LoopContext.Mail {
        private final KafkaWaits waits;

        Released(KafkaWaits waits) {
            this.waits = waits;
        }

        @Override
        void open() {
            waits.release();
        }
    }
}
