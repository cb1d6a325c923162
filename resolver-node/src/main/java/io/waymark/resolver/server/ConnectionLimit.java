package io.waymark.resolver.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.waymark.resolver.message.Transport;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts a transport's connections and closes those beyond a bound. One per connection, first in the pipeline. */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final Transport transport;
    private final int max;
    private final ResolverMetrics metrics;
    private final AtomicInteger open;

    ConnectionLimit(Transport transport, int max, ResolverMetrics metrics) {
        this.transport = transport;
        this.max = max;
        this.metrics = metrics;
        this.open = metrics.connections(transport);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (open.incrementAndGet() > max) {
            metrics.connectionRefused(transport, "too-many");
            ctx.close();
            return;
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        open.decrementAndGet();
        ctx.fireChannelInactive();
    }
}
