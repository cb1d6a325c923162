package io.waymark.storage.spool;

import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.retained.RetainedChange;
import io.waymark.storage.session.SessionTable;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write on its way to the writer thread.
 *
 * @param entry encoded but unsealed, or null
 * @param more entries right behind it
 */
record QueuedWrite(
        @Nullable NewEntry entry,
        @Nullable SessionWrite session,
        List<QueueChange> queues,
        @Nullable RetainedChange retained,
        List<NewEntry> more,
        List<NoteChange> notes,
        Spool.Completion completion)
        implements GroupCommit.Write {
    /**
     * An entry without its place.
     *
     * @param octets encoded but unsealed
     * @param totals where it is counted
     */
    record NewEntry(byte[] octets, GroupTotals.Row totals) {
        static NewEntry of(SpoolMessage message, GroupTotals groups) {
            GroupTotals.Row totals = groups.row(message.group());
            return new NewEntry(SpoolEntryCodec.encode(message.countedAs(totals.group())), totals);
        }

        /** Bytes of the spool's budget it takes. */
        long spoolBytes() {
            return (long) octets.length + ENTRY_OVERHEAD_BYTES;
        }
    }

    /** What an entry costs beside its octets: its key, rounded up for RocksDB's own bookkeeping. */
    static final int ENTRY_OVERHEAD_BYTES = 16;

    private static final int WRITE_OVERHEAD_BYTES = 64;

    /** @throws IllegalArgumentException if a field exceeds what the disk layout can say */
    static QueuedWrite of(SpoolWrite write, GroupTotals groups, Spool.Completion completion) {
        SpoolMessage message = write.message();
        SessionWrite session = write.session();
        if (session != null) {
            check(session);
        }
        return new QueuedWrite(
                message == null ? null : NewEntry.of(message, groups),
                session,
                write.queues(),
                write.retained(),
                write.more().isEmpty()
                        ? List.of()
                        : write.more().stream().map(m -> NewEntry.of(m, groups)).toList(),
                write.notes(),
                completion);
    }

    /** Bytes of the spool's budget it takes; 0 without a message. */
    long spoolBytes() {
        long bytes = entry == null ? 0 : entry.spoolBytes();
        for (int i = 0; i < more.size(); i++) {
            bytes += more.get(i).spoolBytes();
        }
        return bytes;
    }

    /** How many positions it takes. */
    int entries() {
        return entry == null ? 0 : 1 + more.size();
    }

    @Override
    public long weight() {
        int state = session instanceof SessionWrite.PutSession put ? put.state().length : 0;
        return WRITE_OVERHEAD_BYTES + state + spoolBytes() + stateBytes();
    }

    private long stateBytes() {
        long bytes = retained == null ? 0 : retained.octets();
        for (int i = 0; i < queues.size(); i++) {
            bytes += WRITE_OVERHEAD_BYTES + queues.get(i).octets();
        }
        for (int i = 0; i < notes.size(); i++) {
            bytes += WRITE_OVERHEAD_BYTES + notes.get(i).octets();
        }
        return bytes;
    }

    private static void check(SessionWrite session) {
        SessionTable.check(session.clientId());
        if (session instanceof SessionWrite.AddQos2 add) {
            SessionTable.checkPacketId(add.packetId());
        } else if (session instanceof SessionWrite.RemoveQos2 remove) {
            SessionTable.checkPacketId(remove.packetId());
        }
    }
}
