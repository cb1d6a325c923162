package io.waymark.resolver.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.server.ConnectionTable.Verdict;
import java.nio.ByteBuffer;

/** Closes a connection beyond a bound before anything is read from it. One per connection, first in the pipeline. */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final Transport transport;
    private final ConnectionTable table;
    private final ResolverMetrics metrics;

    ConnectionLimit(Transport transport, ConnectionTable table, ResolverMetrics metrics) {
        this.transport = transport;
        this.table = table;
        this.metrics = metrics;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ByteBuffer source = ConnectionTable.source(ctx.channel());
        Verdict verdict = table.enter(source);
        ctx.channel().closeFuture().addListener(closed -> table.leave(source));
        if (verdict != Verdict.ADMITTED) {
            metrics.connectionRefused(transport, verdict.tag());
            ctx.close();
            return;
        }
        ctx.fireChannelActive();
    }
}
