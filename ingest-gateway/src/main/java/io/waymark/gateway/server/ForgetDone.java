package io.waymark.gateway.server;

import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.spool.SpoolWrite;
import java.util.List;

/** Messages nobody is to get any more. Nobody waits; after a crash before it they would be there again. */
final class ForgetDone extends PendingWrite {
    ForgetDone(LoopContext loop, QueueChange done) {
        super(loop, SpoolWrite.ofQueues(List.of(done)));
    }

    @Override
    void settled(boolean durable) {}
}
