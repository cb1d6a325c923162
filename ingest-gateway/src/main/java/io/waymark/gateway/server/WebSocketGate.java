package io.waymark.gateway.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the one HTTP request of a WebSocket connection: right path, a subprotocol of MQTT [MQTT-6.0.0-3], and an origin that is
 * allowed, because a page from anywhere may open connections from the browser of somebody who can reach this gateway.
 */
final class WebSocketGate extends ChannelInboundHandlerAdapter {
    /** Subprotocols taken, in order of preference. */
    static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    private final ServerSettings.WebSocket settings;
    private final ServerMetrics metrics;

    WebSocketGate(ServerSettings.WebSocket settings, ServerMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            context.fireChannelRead(message);
            return;
        }
        HttpResponseStatus refusal = refusal(request);
        if (refusal == null) {
            context.pipeline().remove(this);
            context.fireChannelRead(request);
            return;
        }
        request.release();
        metrics.refused("websocket_" + refusal.code());
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal, Unpooled.EMPTY_BUFFER);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    private @Nullable HttpResponseStatus refusal(FullHttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        if (!request.decoderResult().isSuccess() || !request.method().equals(HttpMethod.GET)) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        if (!path.equals(settings.path())) {
            return HttpResponseStatus.NOT_FOUND;
        }
        if (!"websocket".equalsIgnoreCase(request.headers().get(HttpHeaderNames.UPGRADE))) {
            return HttpResponseStatus.UPGRADE_REQUIRED;
        }
        if (!isFromAllowedOrigin(request.headers())) {
            return HttpResponseStatus.FORBIDDEN;
        }
        return offersMqtt(request.headers()) ? null : HttpResponseStatus.BAD_REQUEST;
    }

    /** A client that is no browser says none; a page served under the same host is at home. */
    private boolean isFromAllowedOrigin(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null
                || settings.origins().contains("*")
                || settings.origins().contains(origin)) {
            return true;
        }
        String host = headers.get(HttpHeaderNames.HOST);
        return host != null && origin.toLowerCase(Locale.ROOT).endsWith("://" + host.toLowerCase(Locale.ROOT));
    }

    private static boolean offersMqtt(HttpHeaders headers) {
        for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String offered : line.split(",", -1)) {
                if (SUBPROTOCOLS.contains(offered.strip())) {
                    return true;
                }
            }
        }
        return false;
    }
}
