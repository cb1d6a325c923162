package io.waymark.gateway.reject;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.live.RateBucket;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Takes refused messages into the spool, from where they go to the topic for rejected records like every message to its own: a
 * position, a number in the ledger of their group, exactly once. Nothing is acknowledged by that.
 *
 * <p>A sender that is refused can send as much as it likes, so each device group has a rate, and all together never hold more than
 * a bound of the spool, however long Kafka is away. What is over a bound is counted with its reason all the same.
 */
public final class Rejections {
    /** What a message costs beside its payload and topic, about. */
    private static final int OVERHEAD_OCTETS = 512;
    /** Groups with a rate of their own; those beyond share one. They come from the registry and the settings. */
    private static final int GROUPS_MAX = 10_000;

    private static final class Rate {
        final RateBucket messages = new RateBucket();
        final RateBucket octets = new RateBucket();
    }

    /** What became of a refused message, as metrics call it. */
    private enum Outcome {
        KEPT("kept"),
        NOT_WANTED("not_wanted"),
        RATE("rate"),
        WAITING("waiting_bytes"),
        SPOOL_FULL("spool_full"),
        WRITE_FAILED("write_failed");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }
    }

    private final RejectionLimits limits;
    private final RejectedEntries records;
    private final BiFunction<SpoolWrite, Spool.Completion, Spool.Offer> spool;
    private final MeterRegistry registry;
    private final WaitingOctets waiting;
    private final Map<String, Rate> rates = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    /**
     * @param topic of Kafka, for rejected records
     * @param gatewayId who rejects
     * @param spool takes writes
     * @param registry gets {@code waymark.gateway.rejected} by reason and outcome
     */
    public Rejections(
            RejectionLimits limits,
            String topic,
            String gatewayId,
            BiFunction<SpoolWrite, Spool.Completion, Spool.Offer> spool,
            MeterRegistry registry) {
        this.limits = limits;
        this.records = new RejectedEntries(topic, gatewayId, limits.payloadBytesMax());
        this.spool = spool;
        this.registry = registry;
        this.waiting = new WaitingOctets(limits.waitingBytesMax());
        Gauge.builder("waymark.gateway.rejected.waiting.bytes", waiting, WaitingOctets::held)
                .description("octets of refused messages in the spool that Kafka does not have yet")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Keeps it if the bounds allow; nobody waits for that. */
    public void keep(RefusedMessage refused) {
        keep(refused, NOBODY);
    }

    /**
     * The same, for somebody who waits until it is durable.
     *
     * @return whether the completion will be called; else it is not kept
     */
    public boolean keep(RefusedMessage refused, Spool.Completion then) {
        SpoolMessage record = records.of(refused);
        long octets = (long) record.payload().length + refused.topic().length() + OVERHEAD_OCTETS;
        Outcome outcome = admit(refused, octets);
        if (outcome == Outcome.KEPT
                && spool.apply(new SpoolWrite(record, null), new Written(refused.reason(), octets, then))
                        != Spool.Offer.ACCEPTED) {
            waiting.release(octets);
            outcome = Outcome.SPOOL_FULL;
        }
        if (outcome != Outcome.KEPT) {
            count(refused.reason(), outcome);
        }
        return outcome == Outcome.KEPT;
    }

    private Outcome admit(RefusedMessage refused, long octets) {
        if (!limits.allows(refused.proven())) {
            return Outcome.NOT_WANTED;
        }
        Rate rate = rate(refused.group());
        long now = System.nanoTime();
        if (rate.messages.owed(now) > 0 || rate.octets.owed(now) > 0) {
            return Outcome.RATE;
        }
        if (!waiting.reserve(octets)) {
            return Outcome.WAITING;
        }
        rate.messages.take(now, 1, limits.messagesPerSecond());
        rate.octets.take(now, octets, limits.bytesPerSecond());
        return Outcome.KEPT;
    }

    private Rate rate(String group) {
        return rates.computeIfAbsent(
                rates.size() < GROUPS_MAX || rates.containsKey(group) ? group : SpoolMessage.OTHER_GROUPS,
                name -> new Rate());
    }

    /** Kafka has committed everything up to this position. Any thread. */
    public void forwarded(long position) {
        waiting.committed(position);
    }

    private void count(String reason, Outcome outcome) {
        counters.computeIfAbsent(
                        reason + '/' + outcome.label,
                        key -> Counter.builder("waymark.gateway.rejected")
                                .description("refused messages whose content was there")
                                .tag("reason", reason)
                                .tag("outcome", outcome.label)
                                .register(registry))
                .increment();
    }

    private static final Spool.Completion NOBODY = new Spool.Completion() {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {}
    };

    /** On the spool's writer thread. */
    private final class Written implements Spool.Completion {
        private final String reason;
        private final long octets;
        private final Spool.Completion then;

        Written(String reason, long octets, Spool.Completion then) {
            this.reason = reason;
            this.octets = octets;
            this.then = then;
        }

        @Override
        public void durable(long position) {
            waiting.spooled(position, octets);
            count(reason, Outcome.KEPT);
            then.durable(position);
        }

        @Override
        public void failed(Throwable cause) {
            waiting.release(octets);
            count(reason, Outcome.WRITE_FAILED);
            then.failed(cause);
        }

        @Override
        public boolean isPatient() {
            return then.isPatient();
        }
    }
}
