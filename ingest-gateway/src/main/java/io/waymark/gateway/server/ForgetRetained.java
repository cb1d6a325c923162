package io.waymark.gateway.server;

import io.waymark.gateway.session.LiveRouter;
import io.waymark.storage.retained.RetainedChange;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;

/** A retained message whose expiry has passed. */
final class ForgetRetained extends PendingWrite {
    private final LoopContext loop;
    private final LiveRouter router;
    private final RetainedChange change;

    ForgetRetained(LoopContext loop, LiveRouter router, RetainedChange change) {
        super(loop, new SpoolWrite(null, null, List.of(), change));
        this.loop = loop;
        this.router = router;
        this.change = change;
    }

    @Override
    void settled(boolean durable) {
        RetainedChange again = durable && change.message() == null ? router.retainedForgotten(change.topic()) : null;
        if (again != null) {
            loop.detached().submit(new ForgetRetained(loop, router, again));
        }
    }
}
