package io.waymark.resolver.feed;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.forward.ForwardSettings;
import io.waymark.forward.ForwardState;
import io.waymark.forward.Forwarder;
import io.waymark.storage.record.Outbox;
import java.time.Clock;

/** Takes the outbox to Kafka, from its start to its close. */
public final class ChangeFeed implements AutoCloseable {
    /** A record of the largest size the registrar accepts, as JSON. */
    public static final int RECORD_BYTES_MAX = 4 << 20;

    private final Forwarder forwarder;

    private ChangeFeed(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /** Starts publishing; Kafka may still be absent. */
    public static ChangeFeed start(FeedConfig config, Outbox outbox, MeterRegistry metrics, Clock clock) {
        ForwardSettings settings = new ForwardSettings(
                // A gateway's id cannot be like it: names have no colon.
                "feed:" + config.nodeId(),
                "resolver-feed",
                "waymark.resolver.feed",
                config.client(),
                config.topic(),
                config.progressTopic(),
                config.transactionEntriesMax(),
                config.linger(),
                RECORD_BYTES_MAX);
        OutboxSource source = new OutboxSource(outbox, new IdentifierRecords(config));
        return new ChangeFeed(Forwarder.start(settings, source, metrics, clock));
    }

    /** Number of the last change that is in Kafka, as far as this run knows. */
    public long published() {
        return forwarder.position();
    }

    /** What it is doing; for health. */
    public ForwardState state() {
        return forwarder.state();
    }

    /** Stops after the transaction under way. */
    @Override
    public void close() {
        forwarder.close();
    }
}
