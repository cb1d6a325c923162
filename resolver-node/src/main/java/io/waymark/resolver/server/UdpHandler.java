package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.waymark.resolver.admin.Origin;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.rate.ResponseRateLimiter.Verdict;
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.DatagramSlicer;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.FragmentAssembler;
import io.waymark.resolver.wire.FragmentAssembler.Outcome;
import io.waymark.resolver.wire.MalformedMessageException;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Datagrams in, datagrams out: those that were read together are looked up together. One per channel; releases what it is
 * given.
 */
final class UdpHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UdpHandler.class);

    private final ColdPath cold;
    private final HotPath hot;
    private final BriefAnswer brief;
    private final FragmentAssembler assembler;
    private final UdpLimits limits;
    private final ResolverMetrics metrics;
    private final LatencySample sample;
    private final SourceTally sources;

    // valid for one batch
    private final DatagramPacket[] batch = new DatagramPacket[FastResolution.BATCH_MAX];
    private final CodeCounts counts;
    private long nowNanos;

    UdpHandler(
            ColdPath cold,
            HotPath hot,
            BriefAnswer brief,
            FragmentAssembler assembler,
            UdpLimits limits,
            ResolverMetrics metrics) {
        this.cold = cold;
        this.hot = hot;
        this.brief = brief;
        this.assembler = assembler;
        this.limits = limits;
        this.metrics = metrics;
        this.sample = new LatencySample(Transport.UDP, metrics);
        this.sources = new SourceTally(metrics);
        this.counts = new CodeCounts(Transport.UDP, metrics);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf in = packet.content();
        FastResolution fast = hot.resolution();
        if (fast.held() == 0) {
            nowNanos = System.nanoTime();
        }
        if (!mayBeAnswered(ctx, in, packet.sender())) {
            packet.release();
            return;
        }
        batch[fast.held()] = packet;
        fast.hold(in, in.readerIndex(), in.readableBytes());
        if (fast.held() == FastResolution.BATCH_MAX) {
            answerBatch(ctx);
        }
    }

    private boolean mayBeAnswered(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress source) {
        if (isOfProvenSession(in)) {
            return true;
        }
        Verdict verdict = limits.rate().ask(source.getAddress(), nowNanos);
        if (verdict == Verdict.ANSWER) {
            return true;
        }
        metrics.rateLimited(verdict == Verdict.SLIP && busy(ctx, in, source));
        return false;
    }

    private boolean isOfProvenSession(ByteBuf in) {
        if (in.readableBytes() < EnvelopeCodec.BYTES) {
            return false;
        }
        int session = in.getInt(in.readerIndex() + EnvelopeCodec.SESSION_OFFSET);
        return session != 0 && limits.provenSession().test(session);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        answerBatch(ctx);
        ctx.flush();
    }

    private void answerBatch(ChannelHandlerContext ctx) {
        FastResolution fast = hot.resolution();
        int held = fast.held();
        if (held == 0) {
            return;
        }
        sample.start();
        try {
            fast.fetch();
            for (int n = 0; n < held; n++) {
                answer(ctx, n);
            }
            sources.add(held, batch[held - 1].sender().getAddress());
        } finally {
            counts.flush();
            fast.release();
            for (int n = 0; n < held; n++) {
                batch[n].release();
            }
            Arrays.fill(batch, 0, held, null);
        }
    }

    private void answer(ChannelHandlerContext ctx, int n) {
        ByteBuf in = batch[n].content();
        InetSocketAddress source = batch[n].sender();
        if (hot.resolution().answer(n, hot.datagrams().view()) > 0) {
            counts.add(hot.resolution().code());
            sample.stop();
            send(ctx, hot.datagrams().take(), source);
        } else {
            elsewhere(ctx, in, source);
        }
    }

    private void elsewhere(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress source) {
        if (in.readableBytes() < EnvelopeCodec.BYTES) {
            metrics.malformed(Transport.UDP, Reason.TOO_SHORT);
            return;
        }
        byte[] datagram = ByteBufUtil.getBytes(in);
        byte[] frame = isSlice(datagram) ? assemble(datagram, source) : datagram;
        if (frame.length == 0) {
            return;
        }
        CompletableFuture<Frames> answer = cold.process(frame, Origin.passing(Transport.UDP, source));
        if (answer == null) {
            busy(ctx, in, source);
        } else {
            Replies.deliver(ctx, answer, frames -> {
                sample.stop();
                sendAll(ctx, frames, source);
            });
        }
    }

    /** Whether there was something to say that is no longer than the request. */
    private boolean busy(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress source) {
        if (!brief.busy(
                in, in.readerIndex(), in.readableBytes(), hot.datagrams().view())) {
            return false;
        }
        counts.add(ResponseCode.SERVER_TOO_BUSY);
        send(ctx, hot.datagrams().take(), source);
        return true;
    }

    /** More was promised than came. */
    private static boolean isSlice(byte[] datagram) {
        int promised = ByteBuffer.wrap(datagram).getInt(EnvelopeCodec.BYTES - 4);
        return promised > datagram.length - EnvelopeCodec.BYTES;
    }

    private byte[] assemble(byte[] datagram, InetSocketAddress source) {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        try {
            Envelope envelope = EnvelopeCodec.decode(in);
            EnvelopeCodec.check(envelope);
            byte[] slice = new byte[in.remaining()];
            in.get(slice);
            Outcome outcome = assembler.add(source, envelope, slice, System.nanoTime());
            metrics.slice(outcome);
            return outcome == Outcome.COMPLETE ? whole(datagram, assembler.take()) : new byte[0];
        } catch (MalformedMessageException e) {
            metrics.malformed(Transport.UDP, e.reason());
            return new byte[0];
        }
    }

    private static byte[] whole(byte[] datagram, byte[] message) {
        return ByteBuffer.allocate(EnvelopeCodec.BYTES + message.length)
                .put(datagram, 0, EnvelopeCodec.BYTES)
                .put(message)
                .array();
    }

    private void sendAll(ChannelHandlerContext ctx, Frames frames, InetSocketAddress to) {
        if (frames.rest().isPresent()) {
            metrics.overUdpCap(); // as for any answer too long for datagrams
            return;
        }
        for (byte[] frame : frames.made()) {
            send(ctx, ctx.alloc().directBuffer(frame.length).writeBytes(frame), to);
        }
    }

    /** A request of 75 octets may ask for 262 144: beyond the cap the client gets nothing and goes on to TCP. */
    private void send(ChannelHandlerContext ctx, ByteBuf answer, InetSocketAddress to) {
        int messageBytes = answer.readableBytes() - EnvelopeCodec.BYTES;
        if (messageBytes <= EnvelopeCodec.SLICE_BYTES) {
            write(ctx, answer, to);
            return;
        }
        try {
            if (messageBytes > limits.answerBytesMax()) {
                metrics.overUdpCap();
                return;
            }
            limits.rate().charge(to.getAddress(), FragmentAssembler.slicesOf(messageBytes) - 1, nowNanos);
            DatagramSlicer.slice(answer, ctx.alloc(), slice -> write(ctx, slice, to));
        } finally {
            answer.release();
        }
    }

    /** Datagrams that the socket does not take are not kept: who sent requests faster than that asks again. */
    private void write(ChannelHandlerContext ctx, ByteBuf datagram, InetSocketAddress to) {
        if (ctx.channel().isWritable()) {
            ctx.write(new DatagramPacket(datagram, to), ctx.voidPromise());
        } else {
            datagram.release();
            metrics.udpUnsent(1);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // the socket serves everybody and stays open
        if (cause instanceof IOException) {
            LOG.debug("UDP {}: a datagram was not delivered: {}", ctx.channel().localAddress(), cause.toString());
        } else {
            LOG.error("UDP {}: a request could not be answered", ctx.channel().localAddress(), cause);
        }
    }
}
