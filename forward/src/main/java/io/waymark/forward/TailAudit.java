package io.waymark.forward;

import io.waymark.forward.ForwardProgress.Mark;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a broker without replicas has lost of what it had committed. Each partition is flushed on its own, so after a
 * power cut one may end earlier than another, or progress be older, or younger, than the entries.
 *
 * <p>A log loses its end, never its middle. So if the record that a mark names is where the mark says, everything of ours before
 * it is there too: one record for each partition is read when all is well, and what came behind it. Only if one is missing the
 * partitions are read back from their ends to the last position all of them have. Our records come in the order of positions in
 * each partition, which is what makes this end; it stays so, because what is missing is sent before anything newer.
 *
 * <p>Forwarder thread. Memory: one bit for each position looked at, and one block of records.
 */
final class TailAudit {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Offsets read at a time on the way back. */
    private static final long BLOCK = 20_000;

    /**
     * What was found.
     *
     * @param marks as they must be once what is missing has been sent, but for the places where that goes
     * @param missing positions that were committed and are not there, ascending from {@code base + 1}
     * @param ahead positions behind the committed one that are there already
     * @param base every position up to here is there, or is older than what the queue holds
     * @param damaged partitions that lost something
     */
    record Outcome(
            Map<TopicPartition, Mark> marks, BitSet missing, BitSet ahead, long base, Set<TopicPartition> damaged) {
        Outcome {
            marks = Map.copyOf(marks);
            damaged = Set.copyOf(damaged);
        }

        boolean isMissing(long position) {
            return position > base && missing.get(Math.toIntExact(position - base));
        }

        boolean isAhead(long position) {
            return position > base && ahead.get(Math.toIntExact(position - base));
        }
    }

    private final ForwardSource source;
    private final ProgressTopic topics;
    private final Collection<String> names;

    TailAudit(ForwardSettings settings, ForwardSource source, ProgressTopic topics) {
        this.source = source;
        this.topics = topics;
        Set<String> all = new HashSet<>(source.otherTopics());
        all.add(settings.topic());
        this.names = Set.copyOf(all);
    }

    /** Whether a broker that comes back may have lost what it committed, and the queue can tell what. */
    boolean isNeeded() {
        return source.knowsItsRecords() && topics.isWithoutReplicas();
    }

    /** Whether what is marked is still there; a transaction may be open behind it. */
    boolean isIntact(Map<TopicPartition, Mark> marks) {
        try (LogReader reader = topics.reader(marks.keySet(), "read_uncommitted")) {
            return marks.entrySet().stream().allMatch(at -> isIntact(reader, at.getKey(), at.getValue()));
        }
    }

    private boolean isIntact(LogReader reader, TopicPartition at, Mark mark) {
        if (mark.position() == 0 || mark.offset() < reader.begin(at)) {
            return true;
        }
        boolean[] found = new boolean[1];
        reader.read(at, mark.offset(), mark.offset() + 1, record -> found[0] |= isMarked(record, mark));
        return found[0];
    }

    private boolean isMarked(ConsumerRecord<byte[], byte[]> record, Mark mark) {
        return record.offset() == mark.offset() && source.positionOf(record) == mark.position();
    }

    /**
     * Compares.
     *
     * @param known marks that came with the committed position
     * @param isNew there is no progress and nothing can have been sent, or only by a version that made no marks
     * @param committed position
     */
    Outcome compare(Map<TopicPartition, Mark> known, boolean isNew, long committed) {
        Set<TopicPartition> all = new HashSet<>(topics.partitionsOf(names));
        try (LogReader reader = topics.reader(all, "read_committed")) {
            Map<TopicPartition, Mark> marks = new HashMap<>();
            all.forEach(at -> marks.put(at, baseline(reader, at, known.get(at), isNew)));
            Set<TopicPartition> damaged = new HashSet<>();
            marks.forEach((at, mark) -> {
                if (!isIntact(reader, at, mark)) {
                    damaged.add(at);
                }
            });
            long base = committed;
            for (TopicPartition at : damaged) {
                Mark survivor = survivor(reader, at);
                marks.put(at, survivor);
                base = Math.min(base, survivor.position());
            }
            base = Math.max(base, Math.min(committed, source.first() - 1));
            BitSet found = found(reader, marks, base);
            BitSet missing = new BitSet();
            missing.set(1, Math.toIntExact(committed - base) + 1);
            missing.andNot(found);
            found.clear(0, Math.toIntExact(committed - base) + 1);
            return new Outcome(marks, damaged.isEmpty() ? new BitSet() : missing, found, base, damaged);
        }
    }

    /** A partition nothing of ours was sent to: what may come to light is behind this offset. */
    private static Mark baseline(LogReader reader, TopicPartition at, @Nullable Mark mark, boolean isNew) {
        if (mark == null) {
            return new Mark(isNew ? reader.end(at) : reader.begin(at), 0);
        }
        return mark.position() == 0 ? new Mark(Math.min(mark.offset(), reader.end(at)), 0) : mark;
    }

    /** The last record of ours that is left. */
    private Mark survivor(LogReader reader, TopicPartition at) {
        Mark[] last = {new Mark(reader.end(at), 0)};
        back(reader, at, reader.end(at), record -> {
            long position = source.positionOf(record);
            if (position > 0) {
                last[0] = new Mark(record.offset(), position);
            }
            return position > 0;
        });
        return last[0];
    }

    /** Positions above the base that are there. */
    private BitSet found(LogReader reader, Map<TopicPartition, Mark> marks, long base) {
        BitSet found = new BitSet();
        marks.forEach((at, mark) -> {
            LogReader.Visitor note = record -> {
                long position = source.positionOf(record);
                if (position > base) {
                    found.set(Math.toIntExact(position - base));
                }
            };
            long behind = Math.max(reader.begin(at), Math.min(mark.offset(), reader.end(at)));
            reader.read(at, behind, reader.end(at), note);
            if (mark.position() > base) {
                back(reader, at, behind, record -> {
                    note.visit(record);
                    long position = source.positionOf(record);
                    return position > 0 && position <= base;
                });
            }
        });
        return found;
    }

    /** What a record says about going on. */
    private interface Enough {
        boolean at(ConsumerRecord<byte[], byte[]> record);
    }

    /** Block by block towards the beginning, each to its end, until one had enough. */
    private static void back(LogReader reader, TopicPartition at, long end, Enough enough) {
        boolean[] done = new boolean[1];
        for (long to = end; to > reader.begin(at) && !done[0]; to = Math.max(reader.begin(at), to - BLOCK)) {
            reader.read(at, Math.max(reader.begin(at), to - BLOCK), to, record -> done[0] |= enough.at(record));
        }
    }

    /** Reads committed records of some partitions. */
    static final class LogReader implements AutoCloseable {
        /** Told each record. */
        interface Visitor {
            void visit(ConsumerRecord<byte[], byte[]> record);
        }

        private static final Duration POLL = Duration.ofMillis(100);
        private static final Duration LOOK_AFTER = Duration.ofSeconds(5);
        private static final Duration STALL_MAX = Duration.ofSeconds(90);

        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<TopicPartition, Long> begins;
        private final Map<TopicPartition, Long> ends;
        private final Runnable endWhatHangs;

        /** @param ends true ends, behind transactions that are open, too */
        LogReader(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Runnable endWhatHangs) {
            this.consumer = consumer;
            this.ends = Map.copyOf(ends);
            this.begins = Map.copyOf(consumer.beginningOffsets(ends.keySet(), TIMEOUT));
            this.endWhatHangs = endWhatHangs;
        }

        long begin(TopicPartition at) {
            return begins.getOrDefault(at, 0L);
        }

        long end(TopicPartition at) {
            return ends.getOrDefault(at, 0L);
        }

        /** Records from … to (exclusive), as far as the partition has them. */
        void read(TopicPartition at, long from, long to, Visitor visitor) {
            long end = Math.min(to, end(at));
            if (from >= end) {
                return;
            }
            consumer.assign(List.of(at));
            consumer.seek(at, from);
            long before = from;
            long since = System.nanoTime();
            boolean looked = false;
            while (consumer.position(at, TIMEOUT) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(at)) {
                    if (record.offset() < end) {
                        visitor.visit(record);
                    }
                }
                long now = System.nanoTime();
                if (consumer.position(at, TIMEOUT) != before) {
                    before = consumer.position(at, TIMEOUT);
                    since = now;
                } else if (now - since > STALL_MAX.toNanos()) {
                    throw new org.apache.kafka.common.errors.TimeoutException(
                            at + " not readable from " + before + " to " + end + ": a transaction is open in it");
                } else if (!looked && now - since > LOOK_AFTER.toNanos()) {
                    looked = true;
                    endWhatHangs.run();
                }
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
