package io.waymark.gateway.bridge;

import io.waymark.forward.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upstream: connects, subscribes, and when the connection ends waits a little and connects again. What arrives goes to the
 * {@link Inbox} (QoS 0 and 1) or the {@link BridgeMemory} (QoS 2).
 */
final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final String GROUP = "bridge:";
    private static final Duration RECONNECT_FIRST = Duration.ofMillis(500);
    private static final long DRAIN_MILLIS = 500;
    private static final long STOP_MILLIS = 2_000;

    private final BridgeConfig config;
    private final Connector connector;
    private final BridgeMetrics metrics;
    private final BridgeMemory memory;
    private final Inbox inbox;
    private final Backoff backoff;
    private final Clock clock;
    private final Thread connecting;
    private final Thread acknowledging;
    // What the session has for certain; of the connecting thread.
    private List<String> subscribed = List.of();
    private volatile @Nullable Link present;
    private volatile BridgeStatus status;
    private volatile boolean closed;

    /** Makes a connection that is not connected yet. */
    @FunctionalInterface
    interface Connector {
        Upstream open(BridgeConfig config, Upstream.Listener listener) throws UpstreamException;
    }

    Bridge(BridgeConfig config, Connector connector, Door door, BridgeMetrics metrics, Clock clock) {
        this.config = config;
        this.connector = connector;
        this.metrics = metrics;
        this.clock = clock;
        this.memory = new BridgeMemory(BridgeMemory.key(config), door, this::addressed, metrics);
        this.inbox = new Inbox(config.inFlightMax(), door, this::addressed, metrics);
        this.backoff = new Backoff(
                RECONNECT_FIRST,
                config.reconnectMax(),
                () -> ThreadLocalRandom.current().nextDouble());
        this.status = new BridgeStatus(config.name(), BridgeStatus.State.CONNECTING, clock.instant(), "");
        this.connecting = new Thread(this::run, "gateway-bridge-" + config.name());
        this.acknowledging = new Thread(this::acknowledge, "gateway-bridge-" + config.name() + "-acks");
        metrics.observe(inbox);
    }

    BridgeMemory memory() {
        return memory;
    }

    BridgeStatus status() {
        return status;
    }

    void start() {
        connecting.start();
        acknowledging.start();
    }

    private Door.Message addressed(Arrival arrival) {
        return new Door.Message(
                GROUP + config.name(),
                config.device().device(arrival.topic(), config.name()),
                arrival.topic(),
                arrival.qos(),
                arrival.retain(),
                arrival.properties(),
                arrival.payload());
    }

    // ---- the connection

    private void run() {
        while (!closed) {
            Link link = new Link(inbox.begin());
            try {
                String why = serve(link);
                failed(why);
            } catch (UpstreamException e) {
                failed(e.getMessage());
            } catch (InterruptedException e) {
                // Closing: the flag says so.
            } finally {
                metrics.connected.set(0);
                present = null;
                link.close(closed);
            }
            pause();
        }
        say(BridgeStatus.State.STOPPED, "");
    }

    /** Until the connection ends; why it did. */
    private String serve(Link link) throws UpstreamException, InterruptedException {
        say(BridgeStatus.State.CONNECTING, status.detail());
        Upstream upstream = connector.open(config, link);
        link.upstream = upstream;
        present = link;
        if (!upstream.connect()) {
            subscribed = List.of();
            inbox.sessionAbsent();
            memory.forget(link::isWanted);
        }
        List<String> refused = subscribe(link, upstream);
        metrics.connected();
        metrics.refusedFilters.set(refused.size());
        backoff.succeeded();
        if (refused.isEmpty()) {
            say(BridgeStatus.State.CONNECTED, "");
        } else {
            LOG.error("bridge {}: the upstream refused the filters {}", config.name(), refused);
            say(BridgeStatus.State.PARTLY_REFUSED, "refused " + String.join(", ", refused));
        }
        LOG.info("bridge {} is connected to {}", config.name(), config.uri());
        return link.awaitEnd();
    }

    /**
     * What the session does not have yet. The first connection asks for everything: the configuration may have changed, and what is
     * remembered may be of a session before.
     */
    private List<String> subscribe(Link link, Upstream upstream) throws UpstreamException, InterruptedException {
        List<String> gone = new ArrayList<>(memory.filters());
        gone.removeAll(config.filters());
        if (!gone.isEmpty()) {
            upstream.unsubscribe(gone);
        }
        List<String> missing = new ArrayList<>(config.filters());
        missing.removeAll(subscribed);
        List<String> refused = new ArrayList<>();
        for (String filter : missing) {
            if (!upstream.subscribe(filter)) {
                refused.add(filter);
            }
        }
        subscribed = new ArrayList<>(config.filters());
        subscribed.removeAll(refused);
        memory.subscribed(subscribed, link::isWanted);
        return refused;
    }

    private void failed(@Nullable String why) {
        metrics.failed();
        LOG.warn("bridge {} has no connection to {}: {}", config.name(), config.uri(), why);
        say(BridgeStatus.State.WAITING, String.valueOf(why));
    }

    private void say(BridgeStatus.State state, String detail) {
        status = new BridgeStatus(config.name(), state, clock.instant(), detail);
    }

    private void pause() {
        try {
            if (!closed) {
                Thread.sleep(backoff.failed());
            }
        } catch (InterruptedException e) {
            // Closing: the flag says so.
        }
    }

    // ---- acknowledgements

    private void acknowledge() {
        try {
            while (acknowledgeNext()) {
                // The next.
            }
        } catch (InterruptedException e) {
            LOG.debug("bridge {} stops with messages not acknowledged; they come again", config.name());
        }
    }

    private boolean acknowledgeNext() throws InterruptedException {
        try {
            Inbox.Due due = inbox.next();
            if (due != null) {
                send(due);
            }
            return due != null;
        } catch (Inbox.Failed e) {
            Link link = present;
            if (link != null && link.number == e.link()) {
                link.lost("a message could not be written");
            }
            Thread.sleep(Inbox.RETRY_MILLIS);
            return true;
        }
    }

    private void send(Inbox.Due due) {
        Link link = present;
        Upstream upstream = link == null || link.number != due.link() ? null : link.upstream;
        if (link == null || upstream == null) {
            inbox.unsent(due);
            return;
        }
        try {
            upstream.acknowledge(due.packetId());
            metrics.acknowledged();
        } catch (UpstreamException e) {
            inbox.unsent(due);
            link.lost("an acknowledgement could not be sent: " + e.getMessage());
        }
    }

    /** One connection and what it brings. */
    private final class Link implements Upstream.Listener {
        final long number;
        final CompletableFuture<String> end = new CompletableFuture<>();
        volatile @Nullable Upstream upstream;

        Link(long number) {
            this.number = number;
        }

        boolean isWanted() {
            return !closed && !end.isDone();
        }

        String awaitEnd() throws InterruptedException {
            try {
                return end.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the end of a connection is a sentence", e);
            }
        }

        @Override
        public void arrived(Arrival message) {
            metrics.received(message);
            if (message.qos() == 0) {
                inbox.unconfirmed(message);
                return;
            }
            try {
                inbox.confirmed(number, message);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void store(Arrival message) throws InterruptedException, UpstreamException {
            metrics.received(message);
            memory.store(message, this::isWanted);
        }

        @Override
        public void release(int packetId) throws InterruptedException, UpstreamException {
            memory.release(packetId, this::isWanted);
        }

        @Override
        public void lost(String why) {
            end.complete(why);
        }

        void close(boolean goodbye) {
            end.complete("closed");
            Upstream connected = upstream;
            if (connected != null) {
                connected.close(goodbye);
            }
        }
    }

    /** Acknowledges what is durable by then, says goodbye, ends. At most a few seconds. */
    @Override
    public void close() {
        try {
            inbox.close();
            inbox.drain(DRAIN_MILLIS);
            closed = true;
            connecting.interrupt();
            connecting.join(STOP_MILLIS);
            acknowledging.interrupt();
            acknowledging.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
