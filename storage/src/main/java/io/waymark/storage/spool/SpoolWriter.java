package io.waymark.storage.spool;

import io.waymark.storage.StorageException;
import io.waymark.storage.commit.DurablePosition;
import io.waymark.storage.commit.GroupCommit;
import io.waymark.storage.commit.TrimSchedule;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.retained.RetainedChange;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.StoreRepair;
import io.waymark.storage.spool.SpoolDisk.Mark;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives positions, commits groups, drops what is no longer needed. Writer thread only, but for {@link #first()}.
 *
 * <p><b>After a failed commit</b> nobody knows whether its log record will be found by a restart. It was reported as
 * failed, so its positions are given again; but then a later, shorter batch could leave its tail behind, or leave a QoS 2
 * identifier whose message is gone, and the publisher's retransmission would be taken for a duplicate. So the first thing
 * written after a failure undoes it: drops its positions, the identifiers it added and what it put into queues (sequence
 * numbers are not given again), and puts back the notes it changed. A retained message stays if it is found. Until that succeeds no group
 * is written, and the store is reopened now and then. Writes that would rather wait ({@link Spool.Completion#isPatient}) are
 * held, in their order, and written before anything else; the others fail.
 */
final class SpoolWriter implements GroupCommit.Work<QueuedWrite> {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final long DROP_FILES_EVERY_BYTES = 64L << 20;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TICK_MILLIS = 250;

    /** A failed commit that must be undone: positions from … to (none if to &lt; from) and QoS 2 identifiers. */
    private record Undo(
            long from,
            long to,
            List<SessionWrite.AddQos2> added,
            List<QueueChange.Append> appended,
            List<NoteChange> noted,
            List<GroupTotals.Row> totals) {
        /** Only shows that writing works again. */
        static final Undo NOTHING = new Undo(1, 0, List.of(), List.of(), List.of(), List.of());
    }

    private final SpoolDisk disk;
    private final Consumer<RocksBatch> commit;
    private final SpaceBudget space;
    private final DurablePosition durable;
    private final TrimSchedule trims;
    private final GroupTotals totals;
    private final SpoolMetrics metrics;
    private final Clock clock;

    private final RocksBatch batch = new RocksBatch();
    private final ByteBuffer key = ByteBuffer.allocateDirect(8);
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final CRC32C crc = new CRC32C();

    private Mark last;
    private Mark trimmed;
    /** Known to be committed in Kafka and past the retention; trimmed when the disk allows. */
    private long trimTo;
    /** Raised before the disk is trimmed, so that nobody asks for an entry that is just going. */
    private volatile long first;

    private long filesDroppedTo;
    private @Nullable Undo undo;
    private final StoreRepair repair;
    private final WriteTrouble trouble;
    private final SpaceReturn spaceReturn;
    /** Patient writes of groups that failed, oldest first. */
    private final Deque<List<QueuedWrite>> held = new ArrayDeque<>();

    private volatile boolean holding;
    private volatile boolean trimsHeld;
    private volatile boolean writing = true;

    /** @param commit makes a batch durable; the disk's own, except in tests of failure */
    SpoolWriter(
            SpoolDisk disk,
            Consumer<RocksBatch> commit,
            SpaceBudget space,
            DurablePosition durable,
            TrimSchedule trims,
            GroupTotals totals,
            SpoolMetrics metrics,
            Clock clock) {
        this.disk = disk;
        this.commit = commit;
        this.space = space;
        this.durable = durable;
        this.trims = trims;
        this.totals = totals;
        this.metrics = metrics;
        this.clock = clock;
        this.repair = disk.repair(clock);
        this.trouble = new WriteTrouble(clock);
        this.spaceReturn = new SpaceReturn(disk);
        this.last = disk.lastAtOpen();
        this.trimmed = disk.trimmedAtOpen();
        this.trimTo = trimmed.position();
        this.first = trimmed.position() + 1;
        this.filesDroppedTo = trimmed.endOffset();
    }

    /** The lowest position held. Any thread. */
    long first() {
        return first;
    }

    /** Whether writes are kept because the disk does not take them. Any thread. */
    boolean isHolding() {
        return holding;
    }

    /** Nothing more falls due while trims are held. Any thread. */
    void holdTrims(boolean hold) {
        trimsHeld = hold;
    }

    /** Whether the last write to the disk succeeded. Any thread. */
    boolean isWriting() {
        return writing;
    }

    @Override
    public void commit(List<QueuedWrite> group) {
        undoFailure();
        writeHeld();
        commitGroup(group);
    }

    private void writeHeld() {
        while (!held.isEmpty()) {
            List<QueuedWrite> oldest = held.getFirst();
            commitGroup(oldest);
            held.removeFirst();
            committed(oldest);
        }
        holding = false;
    }

    private void commitGroup(List<QueuedWrite> group) {
        totals.rollBack();
        batch.clear();
        Mark next = last;
        for (QueuedWrite write : group) {
            next = add(write, next);
        }
        totals.write(disk, batch);
        write(group, next);
        disk.reserve().written(next.endOffset() - last.endOffset());
        last = next;
        totals.committed(next.position());
        durable.advance(next.position());
    }

    @Override
    public void committed(List<QueuedWrite> group) {
        long position = last.position() - entries(group);
        for (QueuedWrite write : group) {
            complete(write, write.entry() == null ? 0 : position + 1);
            position += write.entries();
        }
    }

    @Override
    public void failed(List<QueuedWrite> group, Throwable cause) {
        List<QueuedWrite> kept = new ArrayList<>();
        for (QueuedWrite write : group) {
            if (write.completion().isPatient() && cause instanceof StorageException) {
                kept.add(write);
            } else {
                fail(write, cause);
            }
        }
        if (!kept.isEmpty()) {
            holding = true;
            held.addLast(kept);
        }
        metrics.commitFailed();
    }

    private void fail(QueuedWrite write, Throwable cause) {
        space.release(write.spoolBytes());
        try {
            write.completion().failed(cause);
        } catch (RuntimeException e) {
            LOG.error("completion of a failed write threw", e);
        }
    }

    @Override
    public long housekeeping() {
        if (undo != null) {
            repair.failed();
            if (repair.reopenIfDue()) {
                metrics.reopened();
            }
            retryUndo();
            disk.reserve().look(clock.millis());
            return RETRY_NANOS;
        }
        if (!trimsHeld) {
            trimTo = Math.max(trimTo, trims.due(clock.millis()));
        }
        if (trimTo > trimmed.position()) {
            trim(trimTo);
        }
        disk.reserve().look(clock.millis());
        spaceReturn.giveBackIfDue(clock.millis(), trimmed.position());
        return undo != null
                ? RETRY_NANOS
                : Math.min(untilNextTrim(), disk.reserve().untilLookNanos());
    }

    private long untilNextTrim() {
        if (trimsHeld) {
            return TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        }
        long wait = trims.untilDueMillis(clock.millis());
        return wait == Long.MAX_VALUE ? wait : TimeUnit.MILLISECONDS.toNanos(Math.min(wait, TICK_MILLIS));
    }

    /** After the writer thread has ended: a last attempt for what is held. */
    void close() {
        if (!held.isEmpty()) {
            writeHeldOrFail();
        }
        batch.close();
    }

    private void writeHeldOrFail() {
        try {
            undoFailure();
            writeHeld();
        } catch (StorageException e) {
            LOG.warn("closed before the disk took {} groups of writes; none was acknowledged", held.size());
            held.forEach(group -> group.forEach(write -> fail(write, e)));
            held.clear();
        }
    }

    private Mark add(QueuedWrite write, Mark before) {
        if (write.session() != null) {
            addSession(write.session());
        }
        addState(write, before.position() + 1);
        QueuedWrite.NewEntry entry = write.entry();
        Mark mark = entry == null ? before : addEntry(entry, before);
        for (int i = 0; i < write.more().size(); i++) {
            mark = addEntry(write.more().get(i), mark);
        }
        return mark;
    }

    private Mark addEntry(QueuedWrite.NewEntry added, Mark before) {
        byte[] entry = added.octets();
        Mark mark = new Mark(before.position() + 1, before.endOffset() + added.spoolBytes());
        long number = totals.count(added.totals(), entry[SpoolEntryCodec.QOS_OFFSET]);
        if (entry.length > SCRATCH_BYTES) {
            SpoolEntryCodec.seal(ByteBuffer.wrap(entry), mark.position(), mark.endOffset(), number, crc);
            disk.put(batch, mark.position(), entry);
            return mark;
        }
        ByteBuffer value = scratch.clear().put(entry).flip();
        SpoolEntryCodec.seal(value, mark.position(), mark.endOffset(), number, crc);
        disk.put(batch, key.clear().putLong(mark.position()).flip(), value);
        return mark;
    }

    private void addState(QueuedWrite write, long position) {
        List<QueueChange> changes = write.queues();
        for (int i = 0; i < changes.size(); i++) {
            disk.queues().apply(batch, changes.get(i));
        }
        RetainedChange retained = write.retained();
        if (retained != null) {
            disk.retained().apply(batch, retained);
        }
        for (int i = 0; i < write.notes().size(); i++) {
            disk.notes().apply(batch, write.notes().get(i), position);
        }
    }

    private void addSession(SessionWrite session) {
        if (session instanceof SessionWrite.AddQos2 add) {
            disk.sessions().addQos2(batch, add.clientId(), add.packetId());
        } else if (session instanceof SessionWrite.RemoveQos2 remove) {
            disk.sessions().removeQos2(batch, remove.clientId(), remove.packetId());
        } else if (session instanceof SessionWrite.PutSession put) {
            disk.sessions().put(batch, put.clientId(), put.state());
        } else if (session instanceof SessionWrite.DeleteSession delete) {
            disk.sessions().delete(batch, delete.clientId());
            if (delete.queue() != null) {
                disk.queues().delete(batch, delete.queue());
            }
        }
    }

    private void write(List<QueuedWrite> group, Mark next) {
        try {
            metrics.commit(group.size(), () -> commit.accept(batch));
        } catch (RuntimeException e) {
            undo = new Undo(
                    last.position() + 1,
                    next.position(),
                    addedQos2(group),
                    appended(group),
                    noted(group),
                    totals.rollBack());
            writing = false;
            trouble.begins(disk.directory(), e);
            throw e;
        }
    }

    private static long entries(List<QueuedWrite> group) {
        long entries = 0;
        for (QueuedWrite write : group) {
            entries += write.entries();
        }
        return entries;
    }

    private static void complete(QueuedWrite write, long position) {
        try {
            write.completion().durable(position);
        } catch (RuntimeException e) {
            LOG.error("completion of position {} threw", position, e);
        }
    }

    private void undoFailure() {
        Undo failed = undo;
        if (failed == null) {
            return;
        }
        batch.clear();
        if (failed.to() >= failed.from()) {
            disk.delete(batch, failed.from(), failed.to());
        }
        failed.added().forEach(id -> disk.sessions().removeQos2(batch, id.clientId(), id.packetId()));
        failed.appended().forEach(append -> disk.queues().undo(batch, append));
        for (int i = failed.noted().size() - 1; i >= 0; i--) {
            disk.notes().undo(batch, failed.noted().get(i));
        }
        failed.totals().forEach(row -> totals.put(disk, batch, row));
        commit.accept(batch);
        undo = null;
        repair.succeeded();
        writing = true;
        trouble.ends(failed.from(), failed.to());
    }

    private void retryUndo() {
        try {
            undoFailure();
            writeHeld();
        } catch (StorageException e) {
            LOG.debug("spool still cannot write: {}", e.getMessage());
        }
    }

    private void trim(long position) {
        Mark to = disk.mark(position);
        first = position + 1;
        batch.clear();
        disk.trim(batch, trimmed, to);
        try {
            commit.accept(batch);
        } catch (StorageException e) {
            writing = false;
            trouble.begins(disk.directory(), e);
            undo = Undo.NOTHING;
            return;
        }
        space.release(to.endOffset() - trimmed.endOffset());
        trimmed = to;
        if (to.endOffset() - filesDroppedTo >= DROP_FILES_EVERY_BYTES) {
            disk.dropFiles(position);
            filesDroppedTo = to.endOffset();
        }
    }

    private static List<QueueChange.Append> appended(List<QueuedWrite> group) {
        List<QueueChange.Append> appended = new ArrayList<>();
        for (QueuedWrite write : group) {
            for (QueueChange change : write.queues()) {
                if (change instanceof QueueChange.Append append) {
                    appended.add(append);
                }
            }
        }
        return appended;
    }

    private static List<NoteChange> noted(List<QueuedWrite> group) {
        return group.stream().flatMap(write -> write.notes().stream()).toList();
    }

    private static List<SessionWrite.AddQos2> addedQos2(List<QueuedWrite> group) {
        List<SessionWrite.AddQos2> added = new ArrayList<>();
        for (QueuedWrite write : group) {
            if (write.session() instanceof SessionWrite.AddQos2 add) {
                added.add(add);
            }
        }
        return added;
    }
}
