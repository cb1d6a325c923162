package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.waymark.resolver.message.Transport;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client began a request and does not finish it in time, however many octets trickle in. Idle
 * time between requests is another matter. Stands first in the pipeline; the handler that sees whole requests calls
 * {@link #completed}.
 */
final class SlowSenderGuard extends ChannelDuplexHandler {
    private final Transport transport;
    private final long limitNanos;
    private final ResolverMetrics metrics;

    // valid for one request
    private boolean receiving;
    private long begunNanos;

    private io.netty.util.concurrent.@Nullable Future<?> deadline;

    SlowSenderGuard(Transport transport, long limitNanos, ResolverMetrics metrics) {
        this.transport = transport;
        this.limitNanos = limitNanos;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // an empty buffer only makes the next handler look again at what it has
        if (!receiving && message instanceof ByteBuf octets && octets.isReadable()) {
            receiving = true;
            begunNanos = ctx.executor().ticker().nanoTime();
        }
        ctx.fireChannelRead(message);
    }

    /** The request is whole, or it is the node that makes it wait. */
    void completed() {
        receiving = false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (receiving && deadline == null) {
            watch(ctx, limitNanos);
        }
        ctx.fireChannelReadComplete();
    }

    private void watch(ChannelHandlerContext ctx, long delayNanos) {
        deadline = ctx.executor().schedule(() -> check(ctx), delayNanos, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        deadline = null;
        if (!receiving) {
            return;
        }
        long left = begunNanos + limitNanos - ctx.executor().ticker().nanoTime();
        if (left > 0) {
            watch(ctx, left);
            return;
        }
        metrics.connectionRefused(transport, "slow");
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        ctx.fireChannelInactive();
    }
}
