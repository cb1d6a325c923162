package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.retained.RetainedChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one message goes: decided when it arrives, part of its write, carried out when that is durable. What concerns the store is
 * done on the spool's writer thread, so that memory and disk see every message in one order.
 */
public final class Routing {
    /** Nobody who subscribes later is to have it. */
    static final long DECIDED = -1;

    /** A copy that is written with the message. */
    private record Stored(Session session, Delivery delivery, QueueChange.Append append) {}

    /** A copy that is not. */
    private record Live(Session session, Delivery delivery) {}

    private final LiveMessage message;
    private final LiveRouter router;
    private final @Nullable Session publisher;
    private final long decidedAt;
    private final @Nullable RetainedChange retained;
    // Whether it is known what became of its topic.
    private boolean settled;
    private final List<Stored> stored = new ArrayList<>(0);
    private final List<Live> live = new ArrayList<>(1);

    /** @param decidedAt the state of subscriptions it was decided on, see {@link LiveRouter#subscribedLater}; or {@link #DECIDED} */
    Routing(
            LiveMessage message,
            LiveRouter router,
            @Nullable Session publisher,
            @Nullable RetainedChange retained,
            long decidedAt) {
        this.message = message;
        this.router = router;
        this.publisher = publisher;
        this.decidedAt = decidedAt;
        this.retained = retained;
    }

    void add(Session session, Delivery delivery) {
        live.add(new Live(session, delivery));
    }

    void add(Session session, Delivery delivery, QueueChange.Append append) {
        stored.add(new Stored(session, delivery, append));
    }

    /** What becomes durable with the message. */
    public List<QueueChange> changes() {
        return stored.isEmpty()
                ? List.of()
                : stored.stream().<QueueChange>map(Stored::append).toList();
    }

    /** What its topic holds from then on, or null when that does not change. */
    public @Nullable RetainedChange retained() {
        return retained;
    }

    /**
     * The spool has taken it and, being of QoS 0, nobody is told when it is durable: its topic holds it from now on, so that its
     * publisher finds it when it subscribes next. Any thread; {@link #durable} or {@link #failed} follows or has been.
     */
    public synchronized void accepted() {
        if (retained != null && !settled) {
            router.retained().ahead(message, retained);
        }
    }

    private synchronized void settle(RetainedChange change, boolean isDurable) {
        settled = true;
        if (isDurable) {
            router.retained().durable(message, change);
        } else {
            router.retained().failed(message);
        }
    }

    /** It is durable. The spool's writer thread. */
    public void durable() {
        if (retained != null) {
            settle(retained, true);
        }
        for (Stored copy : stored) {
            long place = copy.append().sequence();
            if (place == 0) {
                copy.session().outbound().notAppended(copy.append().octets());
            } else if (copy.session()
                    .outbound()
                    .appended(copy.delivery().at(place), copy.append().octets())) {
                LiveRouter.wake(copy.session());
            }
        }
    }

    /** It will not be. Any thread. */
    public void failed() {
        if (retained != null) {
            settle(retained, false);
        }
        for (Stored copy : stored) {
            copy.session().outbound().notAppended(copy.append().octets());
        }
    }

    /** Takes it to those whose copy is not stored; when it is durable, or for QoS 0 accepted. Any thread. */
    public void deliver() {
        for (Live copy : live) {
            router.deliver(copy.session(), copy.delivery());
        }
        if (decidedAt != DECIDED) {
            router.subscribedLater(message, publisher, decidedAt, this::isFor);
        }
    }

    private boolean isFor(Session session) {
        return live.stream().anyMatch(copy -> copy.session() == session)
                || stored.stream().anyMatch(copy -> copy.session() == session);
    }
}
