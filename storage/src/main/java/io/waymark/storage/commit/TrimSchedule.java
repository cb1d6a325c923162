package io.waymark.storage.commit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which positions may go, and when: a position told committed at time t goes at t + retention. Marks that come close
 * together are joined under the later time, so that their number stays bounded and the disk is asked rarely; an entry
 * stays at most 1/{@value #SLICES} of the retention too long. Thread-safe.
 */
public final class TrimSchedule {
    static final int SLICES = 64;

    /** Everything up to a position goes at a time. */
    private static final class Mark {
        final long openedMillis;
        long position;

        Mark(long openedMillis, long position) {
            this.openedMillis = openedMillis;
            this.position = position;
        }
    }

    private final long retentionMillis;
    private final long sliceMillis;
    private final Deque<Mark> marks = new ArrayDeque<>();

    /** @param retention how long a committed position stays */
    public TrimSchedule(Duration retention) {
        this.retentionMillis = retention.toMillis();
        this.sliceMillis = retentionMillis / SLICES;
    }

    /** Positions up to and including this one are committed. */
    public synchronized void committed(long position, long nowMillis) {
        Mark last = marks.peekLast();
        if (last != null && position <= last.position) {
            return;
        }
        if (last != null && nowMillis - last.openedMillis <= sliceMillis) {
            last.position = position;
        } else {
            marks.addLast(new Mark(nowMillis, position));
        }
    }

    /** The highest position that may go now, 0 if none; it is forgotten here. */
    public synchronized long due(long nowMillis) {
        long position = 0;
        for (Mark first = marks.peekFirst();
                first != null && dueMillis(first) <= nowMillis;
                first = marks.peekFirst()) {
            position = marks.removeFirst().position;
        }
        return position;
    }

    /** Milliseconds until something is due; {@link Long#MAX_VALUE} if nothing is scheduled. */
    public synchronized long untilDueMillis(long nowMillis) {
        Mark first = marks.peekFirst();
        return first == null ? Long.MAX_VALUE : Math.max(0, dueMillis(first) - nowMillis);
    }

    /** Marks kept; at most {@value #SLICES} + 1 per retention. */
    synchronized int size() {
        return marks.size();
    }

    private long dueMillis(Mark mark) {
        return mark.openedMillis + sliceMillis + retentionMillis;
    }
}
