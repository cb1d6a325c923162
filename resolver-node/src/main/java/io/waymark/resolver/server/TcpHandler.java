package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.waymark.resolver.admin.Origin;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages on a stream: any number per connection, answered as they finish, matched by the client through the request id.
 * A client that does not read its answers is not read from; one that promises an impossible length is disconnected,
 * because the next message cannot be found.
 */
final class TcpHandler extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(TcpHandler.class);
    /** Most requests of a connection that wait for workers. */
    private static final int IN_FLIGHT_MAX = 64;

    private final RequestProcessor processor;
    private final FastResolution fast;
    private final SlowSenderGuard guard;
    private final ResolverMetrics metrics;
    private final LatencySample sample;
    private Origin origin = Origin.lasting(Transport.TCP, null);
    private int inFlight;

    TcpHandler(RequestProcessor processor, FastResolution fast, SlowSenderGuard guard, ResolverMetrics metrics) {
        this.processor = processor;
        this.fast = fast;
        this.guard = guard;
        this.metrics = metrics;
        this.sample = new LatencySample(Transport.TCP, metrics);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        origin = Origin.lasting(Transport.TCP, ctx.channel().remoteAddress());
    }

    /** Returning without having read anything ends the decoder's loop until more octets come, or until {@link #resume}. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!hasRoom(ctx)) {
            guard.completed();
            return;
        }
        if (in.readableBytes() < EnvelopeCodec.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex() + EnvelopeCodec.BYTES - 4);
        if (length < 0 || length > EnvelopeCodec.MAX_MESSAGE_BYTES) {
            metrics.malformed(Transport.TCP, Reason.LENGTH);
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        int frameBytes = EnvelopeCodec.BYTES + length;
        if (in.readableBytes() >= frameBytes) {
            guard.completed();
            request(ctx, in, frameBytes);
        }
    }

    private boolean hasRoom(ChannelHandlerContext ctx) {
        return ctx.channel().isWritable() && inFlight < IN_FLIGHT_MAX;
    }

    private void request(ChannelHandlerContext ctx, ByteBuf in, int frameBytes) {
        int start = in.readerIndex();
        in.skipBytes(frameBytes);
        sample.start();
        ByteBuf answer = fast.answer(in, start, frameBytes, ctx.alloc());
        if (answer != null) {
            metrics.answered(Transport.TCP, ResponseCode.SUCCESS);
            sample.stop();
            ctx.write(answer, ctx.voidPromise());
            return;
        }
        inFlight++;
        byte[] frame = ByteBufUtil.getBytes(in, start, frameBytes);
        Replies.deliver(ctx, processor.process(frame, origin), frames -> {
            sample.stop();
            answer(ctx, frames);
        });
    }

    private void answer(ChannelHandlerContext ctx, List<byte[]> frames) {
        frames.forEach(frame -> ctx.write(Unpooled.wrappedBuffer(frame), ctx.voidPromise()));
        if (inFlight-- == IN_FLIGHT_MAX) {
            resume(ctx);
        }
    }

    /** Looks again at octets that were left because there was no room for their answers. */
    private static void resume(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(true);
        ctx.executor()
                .execute(() ->
                        ctx.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER).fireChannelReadComplete());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        ctx.flush();
        if (!hasRoom(ctx)) {
            ctx.channel().config().setAutoRead(false);
        }
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            resume(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("TCP {}: closed after {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error(
                    "TCP {}: closed, a request could not be answered",
                    ctx.channel().remoteAddress(),
                    cause);
        }
        ctx.close();
    }
}
