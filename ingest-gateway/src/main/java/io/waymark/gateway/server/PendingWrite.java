package io.waymark.gateway.server;

import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;

/** A write on its way into the spool and its outcome on its way back to the loop that asked for it. */
abstract class PendingWrite extends LoopContext.Mail implements Spool.Completion {
    private final LoopContext loop;
    private final SpoolWrite write;
    private boolean durable;
    private long position;

    PendingWrite(LoopContext loop, SpoolWrite write) {
        this.loop = loop;
        this.write = write;
    }

    SpoolWrite write() {
        return write;
    }

    /** The message's place in the spool once it is durable. */
    long position() {
        return position;
    }

    /** Spool's writer thread. */
    @Override
    public final void durable(long at) {
        durable = true;
        position = at;
        written(true);
        loop.post(this);
    }

    /** Spool's writer thread. */
    @Override
    public final void failed(Throwable cause) {
        written(false);
        loop.post(this);
    }

    /** A client that is held back loses nothing; one that is refused, or disconnected, comes back at once with the same. */
    @Override
    public final boolean isPatient() {
        return true;
    }

    @Override
    final void open() {
        settled(durable);
    }

    /** The write ended. Spool's writer thread, before {@link #settled}; in the order of commits. */
    void written(boolean isDurable) {}

    /** The write ended. Event loop. */
    abstract void settled(boolean isDurable);

    /** The spool took the write: whatever is offered later comes later. Event loop. */
    void accepted() {}

    /** The connection closed before the spool took the write. Event loop. */
    void abandoned() {}

    /** The spool closed before it took the write. Event loop. */
    void closed() {
        abandoned();
    }
}
