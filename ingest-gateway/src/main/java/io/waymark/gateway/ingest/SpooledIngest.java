package io.waymark.gateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.Verdict;
import io.waymark.gateway.ack.Acknowledged;
import io.waymark.gateway.ack.KafkaReach;
import io.waymark.gateway.live.Visits;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.reject.RefusedMessage;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.LiveRouter;
import io.waymark.gateway.session.Routing;
import io.waymark.storage.StorageException;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Into the spool, in one write for each request. */
public final class SpooledIngest implements IngestDoor {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledIngest.class);
    private static final int TOPIC_OCTETS_MAX = 65_535;
    private static final int KEY_MAX = 256;
    private static final String CONTENT_ENCODING = "content-encoding";
    /** Passwords checked at once: most places of the queue are left to those who connect. */
    private static final int CHECKS_MAX = 32;

    private final Spool spool;
    private final LiveRouter router;
    private final Consumer<Routing> deliver;
    private final ConnectAuthenticator authenticator;
    private final Visits visits;
    private final Rejections rejections;
    private final AckRules acks;
    private final KafkaReach kafka;
    private final Semaphore kafkaWaits;
    private final Acknowledged acknowledged;
    private final IngestLimits limits;
    private final Clock clock;
    private final Answers answers;
    private final Semaphore checks = new Semaphore(CHECKS_MAX);
    private final Counter accepted;
    private final Counter repeated;
    private final Counter conflicts;
    private final Counter full;
    private final Counter notWritten;
    private final Counter overQuota;
    private final Counter kafkaAway;

    /**
     * Takes in what the spool remembers.
     *
     * @param deliver takes a message that is durable to those whose copy is not stored
     * @param rejections takes what is refused
     * @param acks which topics' requests wait for Kafka; none is answered before it is on disk
     */
    public SpooledIngest(
            Spool spool,
            LiveRouter router,
            Consumer<Routing> deliver,
            ConnectAuthenticator authenticator,
            Visits visits,
            Rejections rejections,
            AckRules acks,
            KafkaReach kafka,
            IngestLimits limits,
            MeterRegistry metrics,
            Clock clock) {
        this.spool = spool;
        this.router = router;
        this.deliver = deliver;
        this.authenticator = authenticator;
        this.visits = visits;
        this.rejections = rejections;
        this.acks = acks;
        this.kafka = kafka;
        this.kafkaWaits = new Semaphore(limits.kafkaWaitsMax());
        this.acknowledged = new Acknowledged(metrics, "http");
        this.limits = limits;
        this.clock = clock;
        Counter evicted = Counter.builder("waymark.gateway.http.keys.evicted")
                .description("idempotency keys forgotten before their time because there were too many")
                .register(metrics);
        this.answers = new Answers(limits, evicted::increment);
        this.accepted = counter(metrics, "accepted");
        this.repeated = counter(metrics, "repeated");
        this.conflicts = counter(metrics, "key_conflict");
        this.full = counter(metrics, "spool_full");
        this.notWritten = counter(metrics, "write_failed");
        this.overQuota = counter(metrics, "over_quota");
        this.kafkaAway = counter(metrics, "kafka_away");
        restore();
        Gauge.builder("waymark.gateway.http.keys", this::keys)
                .description("idempotency keys remembered")
                .register(metrics);
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("waymark.gateway.http.publish")
                .description("messages that came over HTTP")
                .tag("outcome", outcome)
                .register(metrics);
    }

    private void restore() {
        synchronized (answers) {
            spool.notes(Answers.OWNER, (key, value) -> {
                try {
                    answers.restore(key, value);
                } catch (IllegalArgumentException e) {
                    LOG.error("a remembered idempotency key is not readable and is ignored: {}", e.getMessage());
                }
            });
            answers.restored();
        }
    }

    private int keys() {
        synchronized (answers) {
            return answers.size();
        }
    }

    @Override
    public IngestLimits limits() {
        return limits;
    }

    // ---- who

    @Override
    public CompletableFuture<Verdict> authenticate(String deviceId, byte[] password) {
        if (!checks.tryAcquire()) {
            return CompletableFuture.completedFuture(Verdict.BUSY);
        }
        CompletableFuture<Verdict> told = new CompletableFuture<>();
        authenticator.authenticate(deviceId, password, () -> true, told::complete);
        return told.whenComplete((verdict, failure) -> checks.release());
    }

    @Override
    public boolean mayPublish(String group, String deviceId, String topic) {
        return visits.permissions(group, deviceId).mayPublish(topic);
    }

    @Override
    public void refused(RefusedRequest request, String reason, String detail) {
        if (request.body().length == 0) {
            return;
        }
        String encoding = request.contentEncoding();
        rejections.keep(new RefusedMessage(
                reason,
                detail,
                request.deviceId(),
                request.group(),
                true,
                request.topic(),
                1,
                clock.millis(),
                request.contentType(),
                encoding.isEmpty() ? List.of() : List.of(CONTENT_ENCODING, encoding),
                request.body()));
    }

    // ---- what

    @Override
    public CompletableFuture<Receipt> take(IngestRequest request) {
        check(request);
        if (acks.of(request.topic(), AckLevel.SPOOL) == AckLevel.KAFKA) {
            return committed(request);
        }
        return spooled(request).whenComplete((receipt, failure) -> acknowledged(AckLevel.SPOOL, receipt));
    }

    private CompletableFuture<Receipt> committed(IngestRequest request) {
        if (!kafkaWaits.tryAcquire()) {
            kafkaAway.increment(request.payloads().size());
            return CompletableFuture.failedFuture(new KafkaAwayException(
                    limits.kafkaWaitsMax() + " requests wait for Kafka already; nothing of this one was taken"));
        }
        return spooled(request).thenCompose(this::committed).whenComplete((receipt, failure) -> {
            kafkaWaits.release();
            acknowledged(AckLevel.KAFKA, receipt);
        });
    }

    private CompletableFuture<Receipt> committed(Receipt receipt) {
        return kafka.at(receipt.last())
                .orTimeout(limits.kafkaWaitMax().toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, late) -> {
                    if (late != null) {
                        kafkaAway.increment(receipt.messages());
                        throw new KafkaAwayException("Kafka did not commit within "
                                + limits.kafkaWaitMax().toMillis() + " ms. The messages are on disk, positions "
                                + receipt.position() + " to " + receipt.last()
                                + ", and go to Kafka as soon as it takes them: sent again under the same"
                                + " Idempotency-Key they count once, sent again without one twice");
                    }
                    return receipt;
                });
    }

    private void acknowledged(AckLevel level, @Nullable Receipt receipt) {
        if (receipt != null && !receipt.repeated()) {
            acknowledged.count(level, receipt.messages());
        }
    }

    private CompletableFuture<Receipt> spooled(IngestRequest request) {
        return request.key().isEmpty() ? write(request, List.of(), null) : once(request);
    }

    private CompletableFuture<Receipt> once(IngestRequest request) {
        Fingerprint name = Fingerprint.ofName(request);
        Fingerprint content = Fingerprint.ofContent(request);
        synchronized (answers) {
            long now = clock.millis();
            Answers.Answer known = answers.find(name, now);
            if (known == null) {
                Answers.Answer answer = answers.begin(request, name, content, now);
                return write(request, answers.changes(answer, now), answer);
            }
            if (!known.isOf(content)) {
                conflicts.increment(request.payloads().size());
                return CompletableFuture.failedFuture(new KeyConflictException());
            }
            repeated.increment(request.payloads().size());
            return known.receipt().thenApply(Receipt::again);
        }
    }

    /** Under the lock of the answers when there is one. */
    private CompletableFuture<Receipt> write(
            IngestRequest request, List<NoteChange> notes, Answers.@Nullable Answer answer) {
        Arrival arrival = new Arrival(request, answer);
        long wait = charge(request);
        if (wait > 0) {
            overQuota.increment(request.payloads().size());
            arrival.failed(new OverQuotaException(Duration.ofNanos(wait)));
            return arrival.receipt;
        }
        Spool.Offer offer = spool.offer(arrival.write(notes), arrival);
        switch (offer) {
            case ACCEPTED -> {
                show(request);
                if (answer != null) {
                    answers.accepted(answer, clock.millis());
                }
            }
            case FULL -> {
                full.increment(request.payloads().size());
                arrival.failed(new RejectedExecutionException("the spool is full"));
            }
            case CLOSED -> arrival.failed(new RejectedExecutionException("the gateway is shutting down"));
        }
        return arrival.receipt;
    }

    private void show(IngestRequest request) {
        long now = clock.millis();
        for (byte[] payload : request.payloads()) {
            visits.tail().message(request.deviceId(), request.group(), request.topic(), 1, false, payload, now);
        }
    }

    private long charge(IngestRequest request) {
        long octets =
                request.payloads().stream().mapToLong(payload -> payload.length).sum();
        return visits.charge(
                request.group(), request.deviceId(), request.payloads().size(), octets, System.nanoTime());
    }

    /** One request on its way. */
    private final class Arrival implements Spool.Completion {
        final CompletableFuture<Receipt> receipt;
        private final IngestRequest request;
        private final Answers.@Nullable Answer answer;
        private final List<Routing> routings = new ArrayList<>(1);

        Arrival(IngestRequest request, Answers.@Nullable Answer answer) {
            this.request = request;
            this.answer = answer;
            this.receipt = answer == null ? new CompletableFuture<>() : answer.receipt();
        }

        SpoolWrite write(List<NoteChange> notes) {
            MessageProperties properties =
                    new MessageProperties(-1, -1, request.contentType(), "", new byte[0], List.of());
            List<SpoolMessage> messages = new ArrayList<>(request.payloads().size());
            List<QueueChange> queues = new ArrayList<>(0);
            long now = clock.millis();
            for (byte[] payload : request.payloads()) {
                messages.add(new SpoolMessage(
                        request.deviceId(),
                        request.topic(),
                        1,
                        now,
                        request.contentType(),
                        List.of(),
                        payload,
                        request.group()));
                Routing routing = router.decide(
                        new LiveMessage(request.topic(), 1, false, properties, LiveMessage.NEVER, payload), null);
                if (routing != null) {
                    routings.add(routing);
                    queues.addAll(routing.changes());
                }
            }
            return new SpoolWrite(messages.get(0), null, queues, null, messages.subList(1, messages.size()), notes);
        }

        @Override
        public void durable(long position) {
            routings.forEach(Routing::durable);
            routings.forEach(deliver);
            accepted.increment(request.payloads().size());
            receipt.complete(new Receipt(position, request.payloads().size(), false));
        }

        @Override
        public void failed(Throwable cause) {
            routings.forEach(Routing::failed);
            if (answer != null) {
                synchronized (answers) {
                    answers.abandon(answer);
                }
            }
            receipt.completeExceptionally(cause instanceof StorageException ? notWritten(cause) : cause);
        }

        /** Whoever sent it still has it, and the disk may have room again when it is sent again. */
        private RejectedExecutionException notWritten(Throwable cause) {
            notWritten.increment(request.payloads().size());
            return new RejectedExecutionException(
                    "the spool's disk takes nothing; nothing of this request was taken", cause);
        }
    }

    // ---- what may come in

    private void check(IngestRequest request) {
        requireDevice(request.deviceId());
        requireTopic(request.topic());
        if (request.key().length() > KEY_MAX || Topics.hasControl(request.key())) {
            throw new IllegalArgumentException(
                    "idempotency key must have at most " + KEY_MAX + " characters and no control characters but has "
                            + request.key().length());
        }
        int messages = request.payloads().size();
        if (messages < 1 || messages > limits.messagesMax()) {
            throw new IllegalArgumentException(
                    "a request must have 1.." + limits.messagesMax() + " messages but has " + messages);
        }
        for (byte[] payload : request.payloads()) {
            if (payload.length > limits.payloadBytesMax()) {
                throw new IllegalArgumentException(
                        "payload must have at most " + limits.payloadBytesMax() + " octets but has " + payload.length);
            }
        }
    }

    private static void requireDevice(String deviceId) {
        if (deviceId.isEmpty() || deviceId.length() > DeviceRegistry.ID_MAX || Topics.hasControl(deviceId)) {
            throw new IllegalArgumentException("device id must have 1.." + DeviceRegistry.ID_MAX
                    + " characters and no control characters but has " + deviceId.length());
        }
    }

    private static void requireTopic(String topic) {
        int octets = topic.getBytes(StandardCharsets.UTF_8).length;
        if (octets > TOPIC_OCTETS_MAX || !Topics.isName(topic) || topic.startsWith("$")) {
            throw new IllegalArgumentException("topic must have 1.." + TOPIC_OCTETS_MAX
                    + " octets, no wildcard, no control character and no leading $ but has " + octets + " octets");
        }
    }
}
