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
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Datagrams in, datagrams out. One per channel; releases what it is given. */
final class UdpHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UdpHandler.class);

    private final RequestProcessor processor;
    private final FastResolution fast;
    private final FragmentAssembler assembler;
    private final int answerBytesMax;
    private final ResolverMetrics metrics;
    private final LatencySample sample;

    UdpHandler(
            RequestProcessor processor,
            FastResolution fast,
            FragmentAssembler assembler,
            int answerBytesMax,
            ResolverMetrics metrics) {
        this.processor = processor;
        this.fast = fast;
        this.assembler = assembler;
        this.answerBytesMax = answerBytesMax;
        this.metrics = metrics;
        this.sample = new LatencySample(Transport.UDP, metrics);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            receive(ctx, packet.content(), packet.sender());
        } finally {
            packet.release();
        }
    }

    private void receive(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress source) {
        sample.start();
        ByteBuf answer = fast.answer(in, in.readerIndex(), in.readableBytes(), ctx.alloc());
        if (answer == null) {
            general(ctx, in, source);
            return;
        }
        metrics.answered(Transport.UDP, ResponseCode.SUCCESS);
        sample.stop();
        send(ctx, answer, source);
    }

    private void general(ChannelHandlerContext ctx, ByteBuf in, InetSocketAddress source) {
        if (in.readableBytes() < EnvelopeCodec.BYTES) {
            metrics.malformed(Transport.UDP, Reason.TOO_SHORT);
            return;
        }
        byte[] datagram = ByteBufUtil.getBytes(in);
        byte[] frame = isSlice(datagram) ? assemble(datagram, source) : datagram;
        if (frame.length > 0) {
            Replies.deliver(ctx, processor.process(frame, Origin.passing(Transport.UDP, source)), frames -> {
                sample.stop();
                sendAll(ctx, frames, source);
            });
        }
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

    private void sendAll(ChannelHandlerContext ctx, List<byte[]> frames, InetSocketAddress to) {
        for (byte[] frame : frames) {
            send(ctx, ctx.alloc().directBuffer(frame.length).writeBytes(frame), to);
        }
    }

    /** A request of 75 octets may ask for 262 144: beyond the cap the client gets nothing and goes on to TCP. */
    private void send(ChannelHandlerContext ctx, ByteBuf answer, InetSocketAddress to) {
        int messageBytes = answer.readableBytes() - EnvelopeCodec.BYTES;
        if (messageBytes <= EnvelopeCodec.SLICE_BYTES) {
            ctx.write(new DatagramPacket(answer, to), ctx.voidPromise());
            return;
        }
        try {
            if (messageBytes > answerBytesMax) {
                metrics.overUdpCap();
                return;
            }
            DatagramSlicer.slice(
                    answer, ctx.alloc(), slice -> ctx.write(new DatagramPacket(slice, to), ctx.voidPromise()));
        } finally {
            answer.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
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
