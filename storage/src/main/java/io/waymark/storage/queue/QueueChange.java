package io.waymark.storage.queue;

import java.util.Arrays;

/** A change of one session's queue. */
public sealed interface QueueChange {
    /** Whose. */
    SessionQueue queue();

    /** Octets it takes in a write batch. */
    int octets();

    /** Puts an entry at the end. Its sequence number is known on the spool's writer thread once it is durable. */
    final class Append implements QueueChange {
        private final SessionQueue queue;
        private final byte[] head;
        private final byte[] body;
        private long sequence;

        /**
         * Entry = head followed by body.
         *
         * @param body may be shared with other appends; neither is written to
         */
        public Append(SessionQueue queue, byte[] head, byte[] body) {
            this.queue = queue;
            this.head = head;
            this.body = body;
        }

        @Override
        public SessionQueue queue() {
            return queue;
        }

        @Override
        public int octets() {
            return head.length + body.length;
        }

        /** Its place, at least 1; 0 when the queue was deleted before. */
        public long sequence() {
            return sequence;
        }

        void sequence(long given) {
            sequence = given;
        }

        byte[] entry() {
            byte[] entry = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, entry, head.length, body.length);
            return entry;
        }
    }

    /** Puts something else in an entry's place. */
    record Replace(SessionQueue queue, long sequence, byte[] entry) implements QueueChange {
        @Override
        public int octets() {
            return entry.length;
        }
    }

    /**
     * How far the queue had come when nothing more was to be sent: kept until the store is opened next.
     *
     * @param sent sequence number up to which entries may have been sent
     */
    record Mark(SessionQueue queue, long sent) implements QueueChange {
        @Override
        public int octets() {
            return 2 * Long.BYTES;
        }
    }

    /** Removes entries. */
    record Remove(SessionQueue queue, long[] sequences) implements QueueChange {
        @Override
        public int octets() {
            return sequences.length * Long.BYTES;
        }
    }
}
