package io.waymark.resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.waymark.resolver.message.Transport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuardsTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ResolverMetrics metrics = new ResolverMetrics(registry);

    @Test
    void closesAConnectionWhoseRequestTricklesIn() {
        EmbeddedChannel channel = new EmbeddedChannel(new SlowSenderGuard(Transport.HTTP, LIMIT, metrics));
        channel.freezeTime();
        for (int seconds = 0; seconds < 20; seconds++) {
            assertThat(channel.isOpen()).as("after %d s", seconds).isTrue();
            channel.writeInbound(Unpooled.buffer(1).writeByte(7));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(registry.get("waymark.resolver.connections.refused")
                        .tag("reason", "slow")
                        .counter()
                        .count())
                .isEqualTo(1);
        channel.releaseInbound();
    }

    @Test
    void leavesAConnectionWhoseRequestsAreWhole() {
        SlowSenderGuard guard = new SlowSenderGuard(Transport.TCP, LIMIT, metrics);
        EmbeddedChannel channel = new EmbeddedChannel(guard);
        channel.freezeTime();
        for (int seconds = 0; seconds < 60; seconds++) {
            channel.writeInbound(Unpooled.buffer(1).writeByte(7));
            guard.completed();
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(channel.isOpen()).isTrue();
        channel.releaseInbound();
        channel.finishAndReleaseAll();
    }

    @Test
    void closesConnectionsBeyondTheLimit() {
        ConnectionTable table = new ConnectionTable(
                new ConnectionLimits(1, 1, Duration.ofSeconds(1)), metrics.connections(Transport.TCP));
        EmbeddedChannel first = new EmbeddedChannel(new ConnectionLimit(Transport.TCP, table, metrics));
        EmbeddedChannel second = new EmbeddedChannel(new ConnectionLimit(Transport.TCP, table, metrics));

        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isFalse();
        first.close();
        EmbeddedChannel third = new EmbeddedChannel(new ConnectionLimit(Transport.TCP, table, metrics));
        assertThat(third.isOpen()).isTrue();
        third.close();
        assertThat(metrics.connections(Transport.TCP).get()).isZero();
    }

    @Test
    void refusesWorkWhenTooMuchWaits() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (Workers workers = new Workers(registry)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100_000; i++) {
                            workers.execute(() -> {
                                try {
                                    hold.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
                        }
                    })
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(registry.get("waymark.resolver.workers.queue").gauge().value())
                    .isEqualTo(1024);
            hold.countDown();
        }
    }
}
