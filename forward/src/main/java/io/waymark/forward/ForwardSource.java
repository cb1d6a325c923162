package io.waymark.forward;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A durable queue whose entries have positions without gaps. Called by the forwarder's thread, {@link #first} and
 * {@link #last} by any. Methods may throw {@link io.waymark.storage.StorageException}: the forwarder tries again.
 */
public interface ForwardSource {
    /**
     * An entry as Kafka shall have it.
     *
     * @param position its place
     * @param sinceMillis when it was made
     * @param bytes about its size
     * @param record for the forwarder's topic
     */
    record Entry(long position, long sinceMillis, int bytes, ProducerRecord<byte[], byte[]> record) {}

    /** An id made when the queue was; positions mean something only together with it. */
    String epoch();

    /** The first position there ever was in this epoch. */
    default long begin() {
        return 1;
    }

    /** Lowest position still held; last() + 1 when empty. */
    long first();

    /** Highest durable position, 0 if there never was one. */
    long last();

    /** Waits until last() >= position, or time is up; whether the position is reached. */
    boolean await(long position, Duration timeout) throws InterruptedException;

    /** Entries from position on, without gaps, at most so many and about so many bytes, but one at least if there is one. */
    List<Entry> read(long position, int entriesMax, long bytesMax);

    /** Entries up to and including position are committed in Kafka. */
    void committed(long position);

    /**
     * What to send in place of an entry that is larger than its topic takes. Counts nothing: the answer may be asked for again.
     *
     * @param attempt 1, then 2 if Kafka does not take that either, and so on
     * @return null to wait until the topic takes it
     */
    default @Nullable ProducerRecord<byte[], byte[]> insteadOf(Entry oversize, String detail, int attempt) {
        return null;
    }

    /**
     * What Kafka holds does not fit: it lacks entries that were committed once and are held no more, or has entries that
     * were never in the queue. A queue that can tell everything again does so under a new epoch.
     *
     * @return whether it did; else what is missing stays missing
     */
    default boolean beginAnew() throws InterruptedException {
        return false;
    }

    /**
     * Topics its records go to beside the forwarder's own. What a lone broker loses is looked for in all of them, if
     * {@link #positionOf} can tell; records of a partition must come in the order of positions.
     */
    default List<String> otherTopics() {
        return List.of();
    }

    /** The position of a record this queue sent in this epoch; 0 for a record of anybody else. */
    default long positionOf(ConsumerRecord<byte[], byte[]> record) {
        return 0;
    }

    /** Whether {@link #positionOf} can tell. */
    default boolean knowsItsRecords() {
        return false;
    }

    /** While held nothing that is committed goes: whether Kafka still has it is not known. */
    default void hold(boolean hold) {}
}
