package io.waymark.gateway;

import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the spool at the end how far the queues have come, so that after a stop in good order a message is marked as a repetition
 * only if it is one, and packet identifiers go on. Where it cannot, the next start takes the careful view, as after a crash.
 */
final class QueueMarks {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMarks.class);
    private static final int PORTION = 1_000;

    private static final Spool.Completion UNWATCHED = new Spool.Completion() {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            LOG.warn("how far queues have come is not written: {}", cause.toString());
        }
    };

    private QueueMarks() {}

    /** Hands them over; whoever closes the spool waits for them. */
    static void write(List<QueueChange> marks, Spool spool) {
        for (int i = 0; i < marks.size(); i += PORTION) {
            List<QueueChange> portion = marks.subList(i, Math.min(marks.size(), i + PORTION));
            spool.offer(SpoolWrite.ofQueues(portion), UNWATCHED);
        }
    }
}
