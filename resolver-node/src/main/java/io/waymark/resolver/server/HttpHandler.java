package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.waymark.resolver.access.Connection;
import io.waymark.resolver.admin.Origin;
import io.waymark.resolver.http.WebAnswer;
import io.waymark.resolver.http.WebDoor;
import io.waymark.resolver.http.WebRequest;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.FastResolution;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole HTTP requests in, answers out, one at a time per connection: while an answer is being made elsewhere the connection
 * is not read. Answers are never chunked: Handle clients read the tunnel's body as it stands on the wire.
 */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final String TUNNEL_TYPE = "application/x-hdl-message";
    static final int LINE_BYTES_MAX = 8192;
    static final int HEADER_BYTES_MAX = 16_384;
    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private final ColdPath cold;
    private final WebDoor web;
    private final HotPath hot;
    private final BriefAnswer brief;
    private final SlowSenderGuard guard;
    private final ResolverMetrics metrics;
    private final LatencySample sample;
    private final SourceTally sources;

    // valid for the connection
    private InetAddress source = InetAddress.getLoopbackAddress();

    // valid for the connection, from its first request on
    private @Nullable Connection connection;

    private final ListSender list = new ListSender(this::continueList);
    private boolean closing;

    // valid for one request
    private boolean busy;

    HttpHandler(
            ColdPath cold,
            WebDoor web,
            HotPath hot,
            BriefAnswer brief,
            SlowSenderGuard guard,
            ResolverMetrics metrics) {
        this.cold = cold;
        this.web = web;
        this.hot = hot;
        this.brief = brief;
        this.guard = guard;
        this.metrics = metrics;
        this.sample = new LatencySample(Transport.HTTP, metrics);
        this.sources = new SourceTally(metrics);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        source = Connections.address(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        sources.tell(source);
        ctx.fireChannelInactive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        guard.completed();
        sources.add(1, source);
        if (request.decoderResult().isFailure()) {
            refuse(ctx, request.decoderResult().cause());
        } else if (isTunnel(request)) {
            tunnel(ctx, request);
        } else {
            web(ctx, request);
        }
    }

    private static boolean isTunnel(FullHttpRequest request) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        return request.method().equals(HttpMethod.POST)
                && type.regionMatches(true, 0, TUNNEL_TYPE, 0, TUNNEL_TYPE.length());
    }

    // --- the Handle protocol in HTTP

    private void tunnel(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        ByteBuf in = request.content();
        sample.start();
        FastResolution fast = hot.resolution();
        if (fast.answerOne(
                        in, in.readerIndex(), in.readableBytes(), hot.streams().view())
                > 0) {
            metrics.answered(Transport.HTTP, fast.code());
            sample.stop();
            sendTunnel(ctx, hot.streams().take(), keepAlive);
            return;
        }
        Origin origin = Origin.passing(Transport.HTTP, ctx.channel().remoteAddress());
        CompletableFuture<Frames> answer = cold.process(ByteBufUtil.getBytes(in), origin);
        inTurn(ctx, answer == null ? busy(in) : answer, frames -> {
            sample.stop();
            if (frames.made().isEmpty()) {
                send(ctx, "tunnel", WebDoor.fault(400, "bad_message", "body is no Handle request"), keepAlive, false);
            } else if (frames.rest().isPresent()) {
                beginList(ctx, frames);
            } else {
                sendTunnel(ctx, joined(frames.made()), keepAlive);
            }
        });
    }

    private CompletableFuture<Frames> busy(ByteBuf in) {
        ByteBuffer out = ByteBuffer.allocate(BriefAnswer.BYTES);
        boolean answered = brief.busy(in, in.readerIndex(), in.readableBytes(), out);
        return CompletableFuture.completedFuture(answered ? Frames.of(List.of(out.array())) : Frames.NONE);
    }

    /** Messages of one answer follow each other in one body. */
    private static ByteBuf joined(List<byte[]> frames) {
        return Unpooled.wrappedBuffer(frames.toArray(byte[][]::new));
    }

    private void sendTunnel(ChannelHandlerContext ctx, ByteBuf body, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TUNNEL_TYPE);
        metrics.http("tunnel", HttpResponseStatus.OK.code());
        write(ctx, response, keepAlive);
    }

    /** How long it will be nobody knows yet: the end of the connection is the end of the body, and nothing follows. */
    private void beginList(ChannelHandlerContext ctx, Frames frames) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, TUNNEL_TYPE);
        HttpUtil.setKeepAlive(response, false);
        metrics.http("tunnel", HttpResponseStatus.OK.code());
        pause(ctx);
        closing = true;
        ctx.write(response);
        continueList(ctx, frames);
    }

    private void continueList(ChannelHandlerContext ctx, Frames frames) {
        ctx.write(new DefaultHttpContent(joined(frames.made())));
        if (frames.rest().isPresent()) {
            list.add(ctx, frames.rest().get());
        } else {
            ctx.write(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }
    }

    // --- the web

    private void web(ChannelHandlerContext ctx, FullHttpRequest request) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        boolean head = request.method().equals(HttpMethod.HEAD);
        WebRequest asked = WebRequests.of(request, connection(ctx));
        inTurn(
                ctx,
                web.isQuick(asked) ? answered(asked) : answeredElsewhere(asked),
                answer -> send(ctx, answer.route(), answer.answer(), keepAlive, head));
    }

    /**
     * What goes out.
     *
     * @param route the word in metrics
     */
    private record Answered(String route, WebAnswer answer) {}

    private CompletableFuture<Answered> answered(WebRequest request) {
        WebDoor.Routed routed = web.answer(request);
        return routed.answer()
                .exceptionally(failure -> failed(request, failure))
                .thenApply(answer -> new Answered(routed.route(), answer));
    }

    private static WebAnswer failed(WebRequest request, Throwable failure) {
        LOG.error("{} {} failed", request.method(), request.rawPath(), failure);
        return WebDoor.fault(500, "internal", "the request could not be carried out; the node's log says why");
    }

    private CompletableFuture<Answered> answeredElsewhere(WebRequest request) {
        try {
            return CompletableFuture.supplyAsync(() -> answered(request), cold)
                    .thenCompose(answer -> answer)
                    .exceptionally(failure -> new Answered("failed", failed(request, failure)));
        } catch (RejectedExecutionException e) {
            WebAnswer busy = WebDoor.fault(503, "busy", "too many requests are waiting, try again");
            return CompletableFuture.completedFuture(new Answered("busy", busy));
        }
    }

    /** Asked once: that a client has no certificate is told by an exception. */
    private Connection connection(ChannelHandlerContext ctx) {
        Connection known = connection;
        if (known == null) {
            known = Connections.of(ctx.channel());
            connection = known;
        }
        return known;
    }

    private void send(ChannelHandlerContext ctx, String route, WebAnswer answer, boolean keepAlive, boolean head) {
        ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        response.headers().set("x-content-type-options", "nosniff");
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        metrics.http(route, answer.status());
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
            HttpUtil.setContentLength(response, answer.body().length);
        }
        finish(ctx, response, keepAlive);
    }

    private static void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setContentLength(response, response.content().readableBytes());
        finish(ctx, response, keepAlive);
    }

    private static void finish(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = ctx.write(response);
        if (!ctx.channel().isWritable()) {
            pause(ctx); // whoever does not read his answers gets no more of them
        }
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    // --- one at a time

    /** Sends when the answer is there; until then the next request waits in the flow control in front of this handler. */
    private <T> void inTurn(ChannelHandlerContext ctx, CompletableFuture<T> answer, Consumer<T> send) {
        busy = !answer.isDone();
        if (busy) {
            pause(ctx);
        }
        Replies.deliver(ctx, answer, value -> {
            send.accept(value);
            if (busy) {
                busy = false;
                resume(ctx);
            }
        });
    }

    /** Flushes, because the flow control keeps the event that would. */
    private static void pause(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(false);
        ctx.flush();
    }

    /** The requests that waited are answered before this returns; the flow control does not say when it has no more. */
    private void resume(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !closing) {
            ctx.channel().config().setAutoRead(true);
            ctx.flush();
        }
    }

    /** Later, because this is called from within a flush, perhaps that of {@link #pause}. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            ctx.executor().execute(() -> {
                if (!busy) {
                    resume(ctx);
                }
                list.resume(ctx);
            });
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    // --- what is no request

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        WebAnswer answer;
        if (cause instanceof TooLongHttpLineException) {
            answer = WebDoor.fault(414, "too_long", "the address must be at most " + LINE_BYTES_MAX + " bytes");
        } else if (cause instanceof TooLongFrameException) {
            answer = WebDoor.fault(431, "too_long", "the headers must be at most " + HEADER_BYTES_MAX + " bytes");
        } else {
            answer = WebDoor.fault(400, "bad_request", "this is no HTTP request");
        }
        send(ctx, "malformed", answer, false, false);
        ctx.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            guard.completed();
            metrics.handshake(handshake.isSuccess());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException) {
            // what follows cannot be read: no HTTP, or more requests ahead of their answers than the codec keeps track
            // of
            metrics.connectionRefused(Transport.HTTP, "unreadable");
            LOG.debug("HTTP {}: closed after {}", ctx.channel().remoteAddress(), cause.toString());
        } else if (cause instanceof IOException) {
            LOG.debug("HTTP {}: closed after {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error(
                    "HTTP {}: closed, a request could not be answered",
                    ctx.channel().remoteAddress(),
                    cause);
        }
        ctx.close();
    }
}
