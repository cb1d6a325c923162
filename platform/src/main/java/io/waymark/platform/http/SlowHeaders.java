package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that send and never come to a request. The server's own time-out begins when a request's headers are
 * whole, and every octet puts its idle time-out off: without this, one octet a second keeps a connection for ever.
 */
final class SlowHeaders implements DecoratingHttpServiceFunction {
    private static final AttributeKey<Guard> GUARD = AttributeKey.valueOf(SlowHeaders.class, "guard");

    private final long limitNanos;
    private final Counter refused;

    /**
     * @param limit from the first octet to the request; of requests with short bodies that means their end, since the server waits for it
     */
    SlowHeaders(Duration limit, MeterRegistry metrics) {
        this.limitNanos = limit.toNanos();
        this.refused = metrics.counter("waymark.http.refused", "reason", "slow_headers");
    }

    void watch(ChannelPipeline pipeline) {
        Guard guard = new Guard();
        pipeline.channel().attr(GUARD).set(guard);
        pipeline.addFirst(guard);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        Channel channel = ctx.log().partial().channel();
        Guard guard = channel == null ? null : channel.attr(GUARD).get();
        if (channel != null && guard != null) {
            channel.eventLoop().execute(guard::began);
            ctx.log().whenComplete().thenRun(() -> channel.eventLoop().execute(guard::ended));
        }
        return delegate.serve(ctx, request);
    }

    /** Its channel's loop only. */
    private final class Guard extends ChannelDuplexHandler {
        private int underWay;
        private @Nullable ScheduledFuture<?> deadline;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (underWay == 0 && deadline == null) {
                deadline = ctx.executor().schedule(() -> late(ctx), limitNanos, TimeUnit.NANOSECONDS);
            }
            ctx.fireChannelRead(message);
        }

        private void late(ChannelHandlerContext ctx) {
            deadline = null;
            if (underWay == 0) {
                refused.increment();
                ctx.close();
            }
        }

        void began() {
            underWay++;
            cancel();
        }

        void ended() {
            underWay--;
        }

        private void cancel() {
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            cancel();
            ctx.fireChannelInactive();
        }
    }
}
