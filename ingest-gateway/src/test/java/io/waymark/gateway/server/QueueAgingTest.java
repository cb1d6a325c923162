package io.waymark.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.ClientKey;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.gateway.session.SessionOwner;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolWrite;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues of clients that are away, over a real spool. */
class QueueAgingTest {
    private static final long NOW = 1_795_305_600_000L;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Clock clock = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);
    private final SessionTable sessions = new SessionTable(SessionLimits.defaults(), metrics, clock);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private Spool spool;
    private QueueAging aging;
    private Session session;

    private static final class Connection implements SessionOwner {
        @Override
        public CompletionStage<Void> evict() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void outboundReady() {}
    }

    @BeforeEach
    void subscribeAndLeave() {
        spool = Spool.open(SpoolConfig.defaults(directory), metrics);
        aging = new QueueAging(
                sessions,
                (queue, from, entries, octets) -> {
                    reads.incrementAndGet();
                    return spool.readQueue(queue, from, entries, octets);
                },
                change -> write(SpoolWrite.ofQueues(List.of(change)), () -> {}));
        Connection connection = new Connection();
        ClientKey key = new ClientKey("d", "reader");
        sessions.claim(key, connection);
        session = sessions.attach(key, connection, true, 3_600).session();
        session.outbound().connected(100);
        Subscribe subscribe = new Subscribe(1, List.of(new Subscription("t/#", 1, false, false, 0, 0)));
        sessions.subscriptions().subscribe(session, subscribe, Offer.defaults(), filter -> true);
        sessions.detach(key, connection, session, null, System.nanoTime());
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private void write(SpoolWrite write, Runnable then) {
        int before = written.get();
        spool.offer(write, new Spool.Completion() {
            @Override
            public void durable(long position) {
                then.run();
                written.incrementAndGet();
            }

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }
        });
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> written.get() > before);
    }

    private void publish(int expirySeconds) {
        MessageProperties properties = new MessageProperties(-1, expirySeconds, "", "", new byte[0], List.of());
        LiveMessage message = new LiveMessage(
                "t/1", 1, false, properties, LiveMessage.expiry(properties, System.nanoTime()), new byte[100]);
        Routing routing = Objects.requireNonNull(sessions.router().decide(message, null));
        write(new SpoolWrite(null, null, routing.changes(), null), routing::durable);
    }

    private List<QueueTable.Entry> onDisk() {
        return spool.readQueue(Objects.requireNonNull(session.outbound().stored()), 0, 1_000, 1 << 20);
    }

    private double expired() {
        return metrics.get("waymark.gateway.dropped")
                .tag("reason", "expired")
                .counter()
                .count();
    }

    private double queued() {
        return metrics.get("waymark.gateway.queue").gauge().value();
    }

    @Test
    void whatExpiredGoesFromDiskWhileTheClientIsAway() {
        publish(60);
        publish(-1);
        publish(30);
        aging.advance(NOW + 45_000);
        assertThat(onDisk()).extracting(QueueTable.Entry::sequence).containsExactly(1L, 2L);
        assertThat(expired()).isEqualTo(1);
        aging.advance(NOW + 90_000);
        assertThat(onDisk()).extracting(QueueTable.Entry::sequence).containsExactly(2L);
        assertThat(queued()).isEqualTo(1);
    }

    @Test
    void whatMayNotWaitLongerGoesWithoutAnExpiryOfItsOwn() {
        publish(-1);
        aging.advance(NOW + SessionLimits.defaults().queues().ageMax().toMillis() + 1);
        assertThat(onDisk()).isEmpty();
        assertThat(queued()).isZero();
    }

    @Test
    void aQueueInWhichNothingCanBeOverIsNotRead() {
        publish(60);
        aging.advance(NOW + 59_000);
        assertThat(reads).hasValue(0);
        aging.advance(NOW + 61_000);
        int once = reads.get();
        aging.advance(NOW + 120_000);
        assertThat(reads).hasValue(once);
    }

    @Test
    void aClientThatIsBackIsLeftAlone() {
        publish(30);
        session.outbound().connected(100);
        aging.advance(NOW + 45_000);
        assertThat(onDisk()).hasSize(1);
        assertThat(reads).hasValue(0);
    }

    @Test
    void whatTheClientMayHaveHadStaysUntilItSaysSo() {
        session.outbound().connected(100);
        publish(30);
        assertThat(session.outbound().poll(System.nanoTime())).isNotNull();
        session.outbound().disconnected();
        publish(30);
        aging.advance(NOW + 45_000);
        assertThat(onDisk()).extracting(QueueTable.Entry::sequence).containsExactly(1L);
    }

    @Test
    void aLongQueueIsReadInPortions() {
        for (int i = 0; i < 150; i++) {
            publish(i % 2 == 0 ? 30 : -1);
        }
        aging.advance(NOW + 45_000);
        assertThat(onDisk()).hasSize(75);
        assertThat(reads.get()).isBetween(3, 5);
    }
}
