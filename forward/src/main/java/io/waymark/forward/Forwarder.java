package io.waymark.forward;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.forward.ForwardProgress.Mark;
import io.waymark.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is durable in a queue to Kafka.
 *
 * <p>Exactly once: a transaction holds the entries <em>and</em> the position of the last of them. After any failure the
 * producer is thrown away; the next one first takes the transactional id, which ends whatever the old one left open, then reads
 * the committed position, and goes on behind it. Whether a commit that failed here had succeeded there does not matter: the
 * position tells.
 *
 * <p>Two processes with one id: the second takes the transactional id and writes its mark; the first finds itself fenced, sees
 * the other's mark, and stops for good instead of taking the id back. Without the mark (Kafka fences a producer also when one of
 * its transactions took too long) it goes on.
 *
 * <p>While Kafka is away nothing here grows but the waiting time; the queue holds the entries.
 */
public final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final long TRANSACTION_BYTES_MAX = 16L << 20;
    private static final Duration IDLE = Duration.ofMillis(500);
    /** How long a twin gets to write its mark after it took the transactional id. */
    private static final Duration MARK = Duration.ofSeconds(3);

    private static final Duration STOP = Duration.ofSeconds(1);
    /** An idle forwarder asks a lone broker whether it is there, as long as the queue holds what it committed. */
    private static final Duration CONTACT = Duration.ofSeconds(10);

    /** A transaction that took longer may have seen its broker end. */
    private static final Duration DOUBTFUL = Duration.ofSeconds(1);

    private final ForwardSettings settings;
    private final ForwardSource source;
    private final Clock clock;
    private final ForwardMetrics metrics;
    private final ProgressTopic progress;
    private final String instance = UUID.randomUUID().toString();
    private final Backoff backoff = new Backoff(
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            () -> ThreadLocalRandom.current().nextDouble());
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    // forwarder thread
    private boolean contested;
    private final Refused refused;
    private final TailAudit audit;
    // forwarder thread, valid for one producer
    /** Kafka may lose what it committed. */
    private boolean lossy;

    private Map<TopicPartition, Mark> marks = Map.of();
    private TailAudit.@Nullable Outcome audited;
    private double connectionsLost;
    private long contactNanos;

    private volatile ForwardState state = ForwardState.CONNECTING;
    private volatile long position;
    private volatile long oldestWaitingMillis = -1;

    private Forwarder(ForwardSettings settings, ForwardSource source, MeterRegistry registry, Clock clock) {
        this.settings = settings;
        this.source = source;
        this.clock = clock;
        this.metrics = new ForwardMetrics(settings.metrics(), registry);
        this.progress = new ProgressTopic(settings);
        this.refused = new Refused(source);
        this.audit = new TailAudit(settings, source, progress);
        this.position = source.first() - 1;
        metrics.state(() -> state);
        metrics.lag(this::lagEntries, this::lagSeconds);
        this.thread = new Thread(this::run, settings.thread());
        thread.setDaemon(true);
    }

    /** Starts forwarding; Kafka may still be absent. */
    public static Forwarder start(ForwardSettings settings, ForwardSource source, MeterRegistry registry, Clock clock) {
        Forwarder forwarder = new Forwarder(settings, source, registry, clock);
        forwarder.thread.start();
        return forwarder;
    }

    /** Position up to which everything is committed in Kafka, as far as this run knows. Any thread. */
    public long position() {
        return position;
    }

    /** Any thread. */
    public ForwardState state() {
        return state;
    }

    private long lagEntries() {
        return Math.max(0, source.last() - position);
    }

    private double lagSeconds() {
        long oldest = oldestWaitingMillis;
        return oldest < 0 || lagEntries() == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
    }

    // ---- the thread

    private void run() {
        try {
            while (!stopping() && state != ForwardState.FENCED) {
                attempt();
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("forwarder interrupted while stopping");
        } catch (RuntimeException | Error e) {
            LOG.error("{} stopped by an unexpected error; restart the node", settings.thread(), e);
            metrics.aborted("internal_error");
        } finally {
            if (state != ForwardState.FENCED) {
                state = ForwardState.STOPPED;
            }
        }
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    /** One producer's life. What kept the last one from forwarding remains the state until this one forwards. */
    private void attempt() throws InterruptedException {
        try {
            List<String> missing = progress.missing();
            if (contested && missing.isEmpty()) {
                settle();
            } else if (missing.isEmpty()) {
                forward();
            } else {
                state = ForwardState.WAITING_FOR_TOPICS;
                LOG.warn("waiting for Kafka topics {} to be created", missing);
                metrics.aborted("topic_missing");
                pause();
            }
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            fenced(e);
        } catch (TransactionLink.OversizeException e) {
            if (refused.replace(e.entry(), String.valueOf(e.getMessage()))) {
                LOG.warn("something else goes in its place: {}", e.getMessage());
                return;
            }
            state = ForwardState.BLOCKED;
            LOG.error("forwarding is blocked: {}", e.getMessage());
            metrics.aborted("record_too_large");
            pause();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed(e);
        } catch (StorageException e) {
            state = ForwardState.BACKING_OFF;
            LOG.warn("what is to be forwarded cannot be read now: {}", e.getMessage());
            metrics.aborted("source");
            pause();
        }
    }

    private void failed(KafkaException e) throws InterruptedException {
        if (e.getCause() instanceof ProducerFencedException || e.getCause() instanceof InvalidProducerEpochException) {
            fenced(e);
            return;
        }
        state = ForwardState.BACKING_OFF;
        LOG.warn("Kafka failed, {} entries wait: {}", lagEntries(), e.toString());
        metrics.aborted(e.getClass().getSimpleName());
        pause();
    }

    private void forward() throws InterruptedException {
        source.hold(true);
        try (TransactionLink link = TransactionLink.open(settings)) {
            Optional<ForwardProgress> committed = progress.read();
            resumeFrom(committed);
            connectionsLost = link.connectionsLost();
            lossy = isAudited(link, committed);
            commitEmpty(link);
            state = ForwardState.FORWARDING;
            LOG.info("forwarding to {} behind position {}", settings.topic(), position);
            List<ForwardSource.Entry> batch = nextBatch();
            while (!stopping()) {
                if (batch.isEmpty()) {
                    keepInTouch(link);
                    batch = nextBatch();
                } else {
                    batch = commit(link, batch);
                }
            }
        } finally {
            source.hold(true);
        }
    }

    /** Whether Kafka may lose what it committed; then what it lost is there again. */
    private boolean isAudited(TransactionLink link, Optional<ForwardProgress> committed) {
        audited = null;
        try {
            if (!audit.isNeeded()) {
                return false;
            }
            refill(link, committed);
            marks = link.marks();
            return true;
        } catch (AuthorizationException e) {
            LOG.warn(
                    "a broker without replicas may lose what it committed, and this Kafka user may not read what is there: {}",
                    e.toString());
            return false;
        }
    }

    /** What a broker without replicas lost of what it had committed is sent again, before anything newer. */
    private void refill(TransactionLink link, Optional<ForwardProgress> committed) {
        Optional<ForwardProgress> known = committed.filter(p -> p.epoch().equals(source.epoch()));
        Map<TopicPartition, Mark> before = known.map(ForwardProgress::marks).orElse(Map.of());
        boolean isNew = before.isEmpty() && (known.isPresent() || source.last() == 0);
        TailAudit.Outcome found = audit.compare(before, isNew, position);
        audited = found;
        link.marked(found.marks());
        if (!found.damaged().isEmpty()) {
            int sent = sendAgain(link, found, new ForwardProgress(source.epoch(), position, instance, before));
            int lost = found.missing().cardinality();
            LOG.warn(
                    "Kafka has lost the end of {}: {} entries behind position {} were missing, {} of them were sent again",
                    found.damaged(),
                    lost,
                    found.base(),
                    sent);
            metrics.refilled(sent);
            if (sent < lost) {
                metrics.aborted("beyond_retention");
            }
        }
        if (!found.ahead().isEmpty()) {
            LOG.warn(
                    "Kafka has lost progress: {} entries behind position {} are there already and are not sent again",
                    found.ahead().cardinality(),
                    position);
        }
    }

    /** Until all of it is committed progress stays as it was, so that a crash amid it finds the rest. */
    private int sendAgain(TransactionLink link, TailAudit.Outcome found, ForwardProgress unchanged) {
        int sent = 0;
        long next = found.base() + 1;
        while (next <= position) {
            List<ForwardSource.Entry> read = source.read(next, settings.transactionEntriesMax(), TRANSACTION_BYTES_MAX);
            if (read.isEmpty()) {
                break;
            }
            List<ForwardSource.Entry> missing = read.stream()
                    .filter(entry -> entry.position() <= position && found.isMissing(entry.position()))
                    .toList();
            if (!missing.isEmpty()) {
                link.commit(refused.applyTo(missing), unchanged);
                sent += missing.size();
            }
            next = read.get(read.size() - 1).position() + 1;
        }
        return sent;
    }

    /** Behind a broker that died while there was nothing to send nothing may be trimmed. */
    private void keepInTouch(TransactionLink link) {
        if (lossy && source.first() <= position && System.nanoTime() - contactNanos > CONTACT.toNanos()) {
            commitEmpty(link);
        }
    }

    private void commitEmpty(TransactionLink link) {
        commitAt(link, link.begin(List.of()), position);
        source.committed(position);
    }

    /** Entries that are sent, and the position they make it. */
    private void commitAt(TransactionLink link, TransactionLink.Begun begun, long last) {
        source.hold(lossy);
        if (lossy) {
            begun.commitMarked(now -> {
                demandIntact(link);
                return new ForwardProgress(source.epoch(), last, instance, now);
            });
            marks = link.marks();
        } else {
            begun.commit(new ForwardProgress(source.epoch(), last, instance));
        }
        contactNanos = System.nanoTime();
        source.hold(false);
    }

    /** A broker that was restarted may have lost what this producer committed before, and take its next transaction. */
    private void demandIntact(TransactionLink link) {
        double lost = link.connectionsLost();
        if (lost != connectionsLost) {
            if (!audit.isIntact(marks)) {
                throw new KafkaException(
                        "a broker was restarted and lost what it had committed to " + settings.topic());
            }
            connectionsLost = lost;
        }
    }

    /** Without what is there already. */
    private List<ForwardSource.Entry> unsent(List<ForwardSource.Entry> batch) {
        TailAudit.Outcome found = audited;
        if (found == null || found.ahead().isEmpty()) {
            return batch;
        }
        return batch.stream().filter(entry -> !found.isAhead(entry.position())).toList();
    }

    private void resumeFrom(Optional<ForwardProgress> committed) throws InterruptedException {
        long told = heldBy(committed).orElse(source.begin() - 1);
        boolean fits = told >= source.first() - 1 && told <= source.last();
        if (!fits && source.beginAnew()) {
            LOG.warn(
                    "Kafka holds position {} of {}, which does not fit: everything is told again", told, settings.id());
            metrics.aborted("begun_anew");
        }
        resumeBehind(committed);
    }

    private void resumeBehind(Optional<ForwardProgress> committed) {
        long first = source.first();
        long last = heldBy(committed).orElse(first - 1);
        if (committed.isPresent() && !committed.get().epoch().equals(source.epoch())) {
            LOG.info("Kafka knows another queue of {}; starting at the first entry {}", settings.id(), first);
        }
        if (last > source.last()) {
            throw new IllegalStateException("Kafka holds position " + last + " of queue " + source.epoch()
                    + " but the queue ends at " + source.last() + ": it has lost entries");
        }
        if (last < first - 1 && committed.isPresent()) {
            LOG.error(
                    "Kafka has gone back to position {} but the queue begins at {}: {} entries were committed once and"
                            + " are in neither; its retention bounds how far Kafka may go back",
                    last,
                    first,
                    first - 1 - last);
            metrics.aborted("beyond_retention");
        }
        position = Math.max(last, first - 1);
        source.committed(position);
    }

    /** How far Kafka holds this queue. */
    private Optional<Long> heldBy(Optional<ForwardProgress> committed) {
        return committed.flatMap(known -> known.positionIn(source.epoch()));
    }

    /** What is there, after giving it the linger to become more; empty after a while without any. */
    private List<ForwardSource.Entry> nextBatch() throws InterruptedException {
        long next = position + 1;
        if (!source.await(next, IDLE)) {
            return List.of();
        }
        source.await(next + settings.transactionEntriesMax() - 1, settings.linger());
        return source.read(next, settings.transactionEntriesMax(), TRANSACTION_BYTES_MAX);
    }

    /** Commits a batch and returns the next one if it is there in full: what waits is read while Kafka writes. */
    private List<ForwardSource.Entry> commit(TransactionLink link, List<ForwardSource.Entry> batch) {
        long begin = System.nanoTime();
        oldestWaitingMillis = batch.get(0).sinceMillis();
        long last = batch.get(batch.size() - 1).position();
        TransactionLink.Begun begun = link.begin(refused.applyTo(unsent(batch)));
        List<ForwardSource.Entry> following = backlogBehind(last);
        commitAt(link, begun, last);
        if (System.nanoTime() - begin > DOUBTFUL.toNanos()) {
            demandCommitted(last);
        }
        position = last;
        oldestWaitingMillis = -1;
        metrics.committed(batch.size(), System.nanoTime() - begin);
        metrics.refused(refused.committed(last));
        backoff.succeeded();
        source.committed(last);
        return following;
    }

    /**
     * A lone broker that ends amid a transaction may answer after its restart that it is committed, and leave its end out of every
     * partition (see {@link HangingTransactions}): then nobody sees it, and it must be sent again. Progress tells; that of a twin
     * tells nothing, and Kafka fences this producer next.
     */
    private void demandCommitted(long last) {
        Optional<ForwardProgress> known = progress.read();
        long held = heldBy(known).orElse(0L);
        if (held != last && !known.map(this::isTwins).orElse(false)) {
            throw new KafkaException("Kafka said that position " + last + " is committed but holds " + held
                    + ": its broker ended amid the transaction");
        }
    }

    private boolean isTwins(ForwardProgress known) {
        return known.isOfAnother(instance);
    }

    private List<ForwardSource.Entry> backlogBehind(long last) {
        if (source.last() - last < settings.transactionEntriesMax()) {
            return List.of();
        }
        try {
            return source.read(last + 1, settings.transactionEntriesMax(), TRANSACTION_BYTES_MAX);
        } catch (StorageException e) {
            LOG.debug("entries behind {} cannot be read yet: {}", last, e.getMessage());
            return List.of();
        }
    }

    private void pause() throws InterruptedException {
        if (!stop.await(backoff.failed(), TimeUnit.MILLISECONDS)) {
            noteOldest();
        }
    }

    private void noteOldest() {
        try {
            List<ForwardSource.Entry> oldest = source.read(position + 1, 1, 1);
            oldestWaitingMillis = oldest.isEmpty() ? -1 : oldest.get(0).sinceMillis();
        } catch (StorageException e) {
            LOG.debug("age of the backlog unknown: {}", e.getMessage());
        }
    }

    /** Somebody took the transactional id, or Kafka gave up on a slow transaction: the mark, given time, tells which. */
    private void fenced(KafkaException e) throws InterruptedException {
        state = ForwardState.BACKING_OFF;
        metrics.aborted("fenced");
        LOG.warn("the producer of {} was fenced: {}", settings.id(), e.toString());
        contested = true;
        stop.await(MARK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void settle() {
        Optional<ForwardProgress> last = progress.read();
        contested = false;
        if (last.isPresent() && isTwins(last.get())) {
            state = ForwardState.FENCED;
            metrics.aborted("twin");
            LOG.error(
                    "another process forwards as {}: this one stops forwarding and keeps what it accepted. Give each"
                            + " an id of its own and restart.",
                    settings.id());
        }
    }

    /** Stops after the transaction under way; without one, or if it takes longer than a second, at once. */
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        try {
            if (state == ForwardState.FORWARDING) {
                thread.join(STOP.toMillis());
            }
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(STOP.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
