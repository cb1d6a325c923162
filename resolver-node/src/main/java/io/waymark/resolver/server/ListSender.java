package io.waymark.resolver.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the rests of a connection's long answers, message by message: the next is made when the connection has room for it,
 * one at a time. Who does not read costs what a connection's backlog holds, and nothing is read for him. Event loop only.
 */
final class ListSender {
    private static final Logger LOG = LoggerFactory.getLogger(ListSender.class);

    private final BiConsumer<ChannelHandlerContext, Frames> send;
    private final Deque<Frames.Rest> waiting = new ArrayDeque<>();
    private boolean making;

    /**
     * @param send writes what was made, and calls {@link #add} if there is more
     */
    ListSender(BiConsumer<ChannelHandlerContext, Frames> send) {
        this.send = send;
    }

    void add(ChannelHandlerContext ctx, Frames.Rest rest) {
        waiting.add(rest);
        resume(ctx);
    }

    /** To be called when the connection has room again. */
    void resume(ChannelHandlerContext ctx) {
        if (making || waiting.isEmpty() || !ctx.channel().isWritable()) {
            return;
        }
        making = true;
        EventExecutor loop = ctx.executor();
        waiting.remove().more().whenComplete((frames, failure) -> {
            if (failure != null) {
                LOG.error("the rest of a list was lost", failure);
                ctx.close(); // or the client would wait for it
            } else if (!loop.isShuttingDown()) {
                loop.execute(() -> {
                    making = false;
                    send.accept(ctx, frames);
                    ctx.flush();
                    resume(ctx);
                });
            }
        });
    }
}
