package io.waymark.resolver.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings results back to the event loop of the channel they belong to. */
final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    /** Calls {@code send} on the channel's loop: at once if the result is there, else when it comes, and then flushes. */
    static <T> void deliver(ChannelHandlerContext ctx, CompletableFuture<T> result, Consumer<T> send) {
        if (result.isDone() && !result.isCompletedExceptionally()) {
            send.accept(result.join());
            return;
        }
        EventExecutor loop = ctx.executor();
        result.whenComplete((value, failure) -> {
            if (failure != null) {
                LOG.error("an answer was lost", failure);
            } else if (!loop.isShuttingDown()) {
                loop.execute(() -> {
                    send.accept(value);
                    ctx.flush();
                });
            }
        });
    }
}
