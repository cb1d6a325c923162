package io.waymark.resolver.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.waymark.resolver.http.WebAnswer;
import io.waymark.resolver.http.WebDoor;
import java.util.concurrent.TimeUnit;

/** Puts requests together; one whose body is too large is refused with 413 as soon as that is known, and disconnected soon after. */
final class BodyLimit extends HttpObjectAggregator {
    /** A record of the largest size in base64, with room for its JSON. */
    static final int MAX_BYTES = 1 << 20;

    /** For the client to read the answer and close; what it sends meanwhile is dropped. */
    private static final long LINGER_SECONDS = 2;

    private final ResolverMetrics metrics;

    BodyLimit(ResolverMetrics metrics) {
        super(MAX_BYTES);
        this.metrics = metrics;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        WebAnswer answer = WebDoor.fault(413, "too_large", "body must be at most " + MAX_BYTES + " bytes");
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                Unpooled.wrappedBuffer(answer.body()));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        HttpUtil.setContentLength(response, answer.body().length);
        HttpUtil.setKeepAlive(response, false);
        metrics.http("malformed", answer.status());
        ctx.writeAndFlush(response);
        // the client is still sending; closed at once, it would be told of the reset and not of the answer
        ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
}
