package io.waymark.gateway.session;

import io.waymark.storage.queue.QueueChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command given to one session of its device, as part of a write. Any thread; {@link #durable} on the spool's writer thread. */
public final class HandedOver {
    private final Session session;
    private final Routing routing;
    private final QueueChange.@Nullable Append append;

    HandedOver(Session session, Routing routing, QueueChange.@Nullable Append append) {
        this.session = session;
        this.routing = routing;
        this.append = append;
    }

    /** To whom. */
    public Session session() {
        return session;
    }

    /** What becomes durable with it. */
    public List<QueueChange> changes() {
        return routing.changes();
    }

    /** The number of the stored queue, or 0 when it is in memory only. */
    public long queue() {
        return append == null ? 0 : append.queue().number();
    }

    /** Its place in the stored queue once it is durable; 0 when it has none. */
    public long sequence() {
        return append == null ? 0 : append.sequence();
    }

    /** The write is durable. */
    public void durable() {
        routing.durable();
    }

    /** It is not and will not be. */
    public void failed() {
        routing.failed();
    }

    /** How it reaches a session that has it in memory only. */
    public Routing routing() {
        return routing;
    }
}
