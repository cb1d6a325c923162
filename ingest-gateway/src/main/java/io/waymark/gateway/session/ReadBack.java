package io.waymark.gateway.session;

import io.waymark.gateway.route.StoredMessage;
import io.waymark.gateway.session.Inflight.Awaits;
import io.waymark.gateway.session.Inflight.Sent;
import io.waymark.storage.queue.QueueTable;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is read back from a stored queue for a client that is there again: first what it left unacknowledged, then what comes next.
 * Guarded by its queue.
 */
final class ReadBack {
    private final Backlog disk;
    private final Inflight inflight;
    private final WaitingMessages waiting;
    private final Consumer<Drop> drops;

    ReadBack(Backlog disk, Inflight inflight, WaitingMessages waiting, Consumer<Drop> drops) {
        this.disk = disk;
        this.inflight = inflight;
        this.waiting = waiting;
        this.drops = drops;
    }

    /** What has to be read before more can be sent, or null. */
    @Nullable
    QueueLoad next() {
        long unread = inflight.unread();
        if (unread > 0) {
            return disk.begin(unread);
        }
        return waiting.isRunningOut() && !disk.isAllRead() ? disk.begin(disk.read() + 1) : null;
    }

    /**
     * What was read.
     *
     * @param whole whether there was nothing behind it
     */
    void loaded(QueueLoad load, List<QueueTable.Entry> entries, boolean whole, StoredMessage.Now now) {
        for (QueueTable.Entry entry : entries) {
            take(entry, now);
        }
        long covered = whole ? load.durable() : entries.get(entries.size() - 1).sequence();
        dropMissing(load.from(), covered);
        if (covered > disk.read()) {
            disk.readTo(covered);
        }
    }

    private void take(QueueTable.Entry entry, StoredMessage.Now now) {
        Sent sent = inflight.get(Backlog.packetId(entry.sequence()));
        if (sent != null && sent.sequence == entry.sequence()) {
            takeAgain(sent, entry, now);
        } else if (entry.sequence() > disk.read()) {
            disk.readTo(entry.sequence());
            takeNew(entry, now);
        }
    }

    private static void takeAgain(Sent sent, QueueTable.Entry entry, StoredMessage.Now now) {
        if (QueueEntry.isReleased(entry.value())) {
            sent.awaits = Awaits.PUBCOMP;
        } else if (sent.delivery == null && sent.awaits != Awaits.PUBCOMP) {
            sent.delivery = decode(entry, now);
        }
    }

    private void takeNew(QueueTable.Entry entry, StoredMessage.Now now) {
        int size = entry.value().length;
        boolean over = QueueEntry.isOver(entry.value(), now.millis());
        Delivery delivery = over ? null : decode(entry, now);
        if (delivery != null) {
            waiting.add(delivery, size);
        } else {
            drops.accept(over ? Drop.EXPIRED : Drop.DAMAGED);
            disk.done(entry.sequence(), size);
        }
    }

    private static @Nullable Delivery decode(QueueTable.Entry entry, StoredMessage.Now now) {
        try {
            return QueueEntry.decode(entry.value(), entry.sequence(), now);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** In flight, and not on disk where it was looked for. */
    private void dropMissing(long from, long to) {
        for (Sent sent : List.copyOf(inflight.all())) {
            boolean looked = sent.sequence >= from && sent.sequence <= to;
            if (looked && sent.delivery == null && sent.awaits != Awaits.PUBCOMP) {
                drops.accept(Drop.DAMAGED);
                inflight.remove(Backlog.packetId(sent.sequence));
                disk.done(sent.sequence, sent.octets);
            }
        }
    }
}
