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
        byte @Nullable [] entry,
        @Nullable SessionWrite session,
        List<QueueChange> queues,
        @Nullable RetainedChange retained,
        List<byte[]> more,
        List<NoteChange> notes,
        Spool.Completion completion)
        implements GroupCommit.Write {
    /** What an entry costs beside its octets: its key, rounded up for RocksDB's own bookkeeping. */
    static final int ENTRY_OVERHEAD_BYTES = 16;

    private static final int WRITE_OVERHEAD_BYTES = 64;

    /** @throws IllegalArgumentException if a field exceeds what the disk layout can say */
    static QueuedWrite of(SpoolWrite write, Spool.Completion completion) {
        SpoolMessage message = write.message();
        SessionWrite session = write.session();
        if (session != null) {
            check(session);
        }
        return new QueuedWrite(
                message == null ? null : SpoolEntryCodec.encode(message),
                session,
                write.queues(),
                write.retained(),
                write.more().isEmpty()
                        ? List.of()
                        : write.more().stream().map(SpoolEntryCodec::encode).toList(),
                write.notes(),
                completion);
    }

    /** Bytes of the spool's budget it takes; 0 without a message. */
    long spoolBytes() {
        long bytes = entry == null ? 0 : spoolBytes(entry);
        for (int i = 0; i < more.size(); i++) {
            bytes += spoolBytes(more.get(i));
        }
        return bytes;
    }

    static long spoolBytes(byte[] entry) {
        return (long) entry.length + ENTRY_OVERHEAD_BYTES;
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
