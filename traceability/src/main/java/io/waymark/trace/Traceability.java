package io.waymark.trace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognizer;
import io.waymark.trace.http.TraceService;
import io.waymark.trace.query.NotReadyException;
import io.waymark.trace.query.TimelineQuery;
import io.waymark.trace.timeline.ItemTimeline;
import io.waymark.trace.topology.StreamSettings;
import io.waymark.trace.topology.TopicNames;
import io.waymark.trace.topology.TopicsAwait;
import io.waymark.trace.topology.TraceMetrics;
import io.waymark.trace.topology.TraceTopology;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where has this item been? Device messages become observations, EPCIS events and item timelines, exactly once, by Kafka
 * Streams; timelines are read here. Starts in the background: Kafka may come later than this, and so may the topics. Methods
 * may be called from any thread.
 */
public final class Traceability implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Traceability.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(4);
    private static final Duration REPLACE_PAUSE = Duration.ofMillis(500);

    private final TraceConfig config;
    private final TopicNames topics;
    private final Topology topology;
    private final Properties settings;
    private final MeterRegistry registry;
    private final TraceMetrics metrics;
    private final TimelineQuery query;
    private final Thread starter;

    // set once by the starter; guarded by this
    private @Nullable KafkaStreams streams;
    private @Nullable KafkaStreamsMetrics streamsMetrics;
    private boolean closed;
    private boolean failed;

    private Traceability(TraceConfig config, MeterRegistry registry) {
        this.config = config;
        this.registry = registry;
        this.topics = ConfigRules.topics(config);
        this.metrics = new TraceMetrics(registry);
        this.settings = StreamSettings.of(config.client(), config.applicationId(), config.stateDirectory(), metrics);
        this.topology = TraceTopology.build(ConfigRules.of(config, Recognizer::recognize), metrics);
        this.query = new TimelineQuery(this::timelineStore, Recognizer::recognize, registry);
        this.starter = new Thread(this::start, "waymark-trace-start");
    }

    /**
     * Starts the streams; returns at once, see {@link #isReady}.
     *
     * @param metrics where counters, timers and the metrics of Kafka Streams go
     * @param clock not read: every time here is a device's or the gateway's, written in the message
     * @throws IllegalArgumentException if a rule of the configuration is impossible, naming value and bound
     */
    public static Traceability start(TraceConfig config, MeterRegistry metrics, Clock clock) {
        Traceability traceability = new Traceability(config, metrics);
        Gauge.builder("waymark.trace.ready", traceability, t -> t.isReady() ? 1 : 0)
                .register(metrics);
        traceability.starter.setDaemon(true);
        traceability.starter.start();
        return traceability;
    }

    private void start() {
        try {
            startStreams();
        } catch (RuntimeException e) {
            metrics.failure("start");
            LOG.error("traceability could not start its streams", e);
            fail();
        }
    }

    private synchronized void fail() {
        failed = true;
    }

    private void startStreams() {
        if (!TopicsAwait.untilPresent(config.client(), topics.all(), this::isClosed)) {
            return;
        }
        KafkaStreams created = new KafkaStreams(topology, settings);
        created.setUncaughtExceptionHandler(this::onUncaught);
        created.setStateListener((now, before) -> LOG.info("traceability streams: {} -> {}", before, now));
        synchronized (this) {
            if (closed) {
                created.close();
                return;
            }
            streams = created;
            streamsMetrics = new KafkaStreamsMetrics(created);
            streamsMetrics.bindTo(registry);
            created.start();
        }
    }

    /** On the dying stream thread: its transaction is gone, a fresh thread takes up the same records. */
    private StreamThreadExceptionResponse onUncaught(Throwable failure) {
        metrics.failure("thread");
        LOG.error("stream thread failed and is replaced; its records are processed again", failure);
        LockSupport.parkNanos(REPLACE_PAUSE.toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * Whether timelines can be read. While the streams move or restore, some stores may be readable and others not, and an
     * item whose store is not would look as if it had never been seen: so only running streams are ready.
     */
    public boolean isReady() {
        try {
            timelineStore();
            return true;
        } catch (NotReadyException e) {
            return false;
        }
    }

    /** What the streams are doing, in a word: {@code WAITING} for Kafka or topics, a state of Kafka Streams, {@code FAILED} or {@code CLOSED}. */
    public synchronized String state() {
        if (closed) {
            return "CLOSED";
        }
        if (failed) {
            return "FAILED";
        }
        return streams == null ? "WAITING" : streams.state().name();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> timelineStore() throws NotReadyException {
        KafkaStreams running;
        synchronized (this) {
            running = closed ? null : streams;
        }
        if (running == null || running.state() != KafkaStreams.State.RUNNING) {
            throw new NotReadyException("traceability is " + state());
        }
        try {
            return running.store(StoreQueryParameters.fromNameAndType(
                    TimelineQuery.STORE, QueryableStoreTypes.<Bytes, byte[]>keyValueStore()));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new NotReadyException("traceability is " + running.state());
        }
    }

    /**
     * The timeline of a code, as {@code GET /trace/…} answers it.
     *
     * @param code in any spelling
     * @param limit events at most, 1 to {@value TimelineQuery#LIMIT_MAX}; the latest are kept
     * @throws MalformedIdentifierException if the code is of no scheme we know
     * @throws NotReadyException while the stores cannot be read
     */
    public ItemTimeline timeline(String code, int limit) throws MalformedIdentifierException, NotReadyException {
        return query.timeline(code, limit);
    }

    /** Armeria annotated service: {@code GET /trace/{any code}} and {@code GET /trace?code=} (JSON). To be mounted by platform. */
    public Object httpService() {
        return new TraceService(query);
    }

    /** Leaving the group hands the partitions over at once, to another instance or to the next start. */
    private static CloseOptions closing() {
        return CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_MAX);
    }

    /** Stops within 5 s; state stays on disk and is taken up by the next start. */
    @Override
    public void close() {
        KafkaStreams running;
        KafkaStreamsMetrics bound;
        synchronized (this) {
            closed = true;
            running = streams;
            bound = streamsMetrics;
        }
        starter.interrupt();
        if (running != null && !running.close(closing())) {
            LOG.warn(
                    "traceability streams did not stop within {} s; state is recovered at the next start",
                    CLOSE_MAX.toSeconds());
        }
        if (bound != null) {
            bound.close();
        }
    }
}
