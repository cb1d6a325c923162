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
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    private final ColdPath cold;
    private final HotPath hot;
    private final BriefAnswer brief;
    private final SlowSenderGuard guard;
    private final ResolverMetrics metrics;
    private final LatencySample sample;
    private final SourceTally sources;

    // valid for one batch
    private final int[] starts = new int[FastResolution.BATCH_MAX + 1];
    private final CodeCounts counts;

    // valid for the connection
    private Origin origin = Origin.lasting(Transport.TCP, null);
    private final ListSender lists = new ListSender(this::answer);
    private int inFlight;

    TcpHandler(ColdPath cold, HotPath hot, BriefAnswer brief, SlowSenderGuard guard, ResolverMetrics metrics) {
        this.cold = cold;
        this.hot = hot;
        this.brief = brief;
        this.guard = guard;
        this.metrics = metrics;
        this.sample = new LatencySample(Transport.TCP, metrics);
        this.sources = new SourceTally(metrics);
        this.counts = new CodeCounts(Transport.TCP, metrics);
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
        FastResolution fast = hot.resolution();
        try {
            boolean readable = holdWhole(in, fast);
            if (fast.held() > 0) {
                guard.completed();
                in.readerIndex(starts[fast.held()]);
                sample.start();
                sources.add(fast.held(), origin.address());
                answerBatch(ctx, in, fast);
            }
            if (!readable) {
                metrics.malformed(Transport.TCP, Reason.LENGTH);
                in.skipBytes(in.readableBytes());
                ctx.close();
            }
        } finally {
            counts.flush();
            fast.release();
        }
    }

    /** Takes up the whole messages that have come; false if what follows them cannot be told apart. */
    private boolean holdWhole(ByteBuf in, FastResolution fast) {
        int most = Math.min(FastResolution.BATCH_MAX, IN_FLIGHT_MAX - inFlight);
        int at = in.readerIndex();
        while (fast.held() < most && in.writerIndex() - at >= EnvelopeCodec.BYTES) {
            int length = in.getInt(at + EnvelopeCodec.BYTES - 4);
            if (length < 0 || length > EnvelopeCodec.MAX_MESSAGE_BYTES) {
                return false;
            }
            int frameBytes = EnvelopeCodec.BYTES + length;
            if (in.writerIndex() - at < frameBytes) {
                return true;
            }
            starts[fast.held()] = at;
            fast.hold(in, at, frameBytes);
            at += frameBytes;
            starts[fast.held()] = at;
        }
        return true;
    }

    private boolean hasRoom(ChannelHandlerContext ctx) {
        return ctx.channel().isWritable() && inFlight < IN_FLIGHT_MAX;
    }

    private void answerBatch(ChannelHandlerContext ctx, ByteBuf in, FastResolution fast) {
        fast.fetch();
        ByteBuffer out = hot.streams().view();
        for (int n = 0; n < fast.held(); n++) {
            int bytes = fast.answer(n, out);
            if (bytes == FastResolution.NO_ROOM && out.position() > 0) {
                write(ctx, out.position());
                out = hot.streams().view();
                bytes = fast.answer(n, out);
            }
            if (bytes > 0) {
                counts.add(fast.code());
            } else {
                elsewhere(ctx, in, starts[n], starts[n + 1] - starts[n], out);
            }
        }
        sample.stop();
        write(ctx, out.position());
    }

    /**
     * A connection that takes its answers at once gets the shared buffer; from one that does not it would come back late,
     * however little were in it.
     */
    private void write(ChannelHandlerContext ctx, int bytes) {
        if (bytes == 0) {
            return;
        }
        ByteBuf shared = hot.streams().take();
        if (ctx.channel().bytesBeforeUnwritable() >= Listeners.TCP_BACKLOG_BYTES.high()) {
            ctx.write(shared, ctx.voidPromise());
            return;
        }
        ByteBuf own = ctx.alloc().directBuffer(bytes).writeBytes(shared);
        shared.release();
        ctx.write(own, ctx.voidPromise());
    }

    private void elsewhere(ChannelHandlerContext ctx, ByteBuf in, int at, int frameBytes, ByteBuffer out) {
        CompletableFuture<Frames> answer = cold.process(ByteBufUtil.getBytes(in, at, frameBytes), origin);
        if (answer == null) {
            if (brief.busy(in, at, frameBytes, out)) {
                counts.add(ResponseCode.SERVER_TOO_BUSY);
            }
            return;
        }
        inFlight++;
        Replies.deliver(ctx, answer, frames -> {
            sample.stop();
            answer(ctx, frames);
        });
    }

    private void answer(ChannelHandlerContext ctx, Frames frames) {
        frames.made().forEach(frame -> ctx.write(Unpooled.wrappedBuffer(frame), ctx.voidPromise()));
        if (frames.rest().isPresent()) {
            lists.add(ctx, frames.rest().get());
        } else if (inFlight-- == IN_FLIGHT_MAX) {
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
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        sources.tell(origin.address());
        super.channelInactive(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            resume(ctx);
            lists.resume(ctx);
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
