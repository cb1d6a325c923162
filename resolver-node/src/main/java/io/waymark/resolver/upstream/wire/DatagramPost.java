package io.waymark.resolver.upstream.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.upstream.UpstreamException;
import io.waymark.resolver.upstream.UpstreamException.Kind;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FragmentAssembler;
import io.waymark.resolver.wire.MalformedMessageException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Questions in datagrams over one socket. An answer counts if its request id is that of a question on its way and it comes
 * from where that went; everything else is dropped. Event loop only.
 */
final class DatagramPost extends SimpleChannelInboundHandler<DatagramPacket> {
    /** Answers of more datagrams are asked for on a connection: every datagram lost would cost the whole. */
    private static final int SLICES_MAX = 8;

    private static final int DATAGRAM_BYTES_MAX = 2048;

    private record Waiting(InetSocketAddress to, CompletableFuture<byte[]> answer) {}

    private final EventLoop loop;
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private final FragmentAssembler assembler = new FragmentAssembler(FragmentAssembler.Limits.defaults());

    private DatagramPost(EventLoop loop) {
        this.loop = loop;
    }

    /** Opens a socket on a port nobody can foresee. */
    static DatagramPost open(EventLoop loop, boolean v6) {
        DatagramPost post = new DatagramPost(loop);
        post.binding = new Bootstrap()
                .group(loop)
                .channelFactory(
                        () -> new NioDatagramChannel(v6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES_MAX))
                .handler(post)
                .bind(0);
        return post;
    }

    @SuppressWarnings("NullAway.Init") // by open(), before anybody sees the post
    private ChannelFuture binding;

    CompletableFuture<byte[]> send(
            InetSocketAddress to, int requestId, byte[] request, Duration first, Duration second) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        if (waiting.putIfAbsent(requestId, new Waiting(to, answer)) != null) {
            answer.completeExceptionally(new UpstreamException(Kind.TIMEOUT, "request id is taken"));
            return answer;
        }
        answer.whenComplete((frame, failure) -> waiting.remove(requestId));
        binding.addListener(bound -> {
            if (bound.isSuccess()) {
                write(to, request);
            } else {
                answer.completeExceptionally(new UpstreamException(Kind.UNREACHABLE, "no socket"));
            }
        });
        later(answer, first, () -> {
            write(to, request);
            later(
                    answer,
                    second,
                    () -> answer.completeExceptionally(new UpstreamException(Kind.TIMEOUT, to + " is silent")));
        });
        return answer;
    }

    private void write(InetSocketAddress to, byte[] request) {
        Channel channel = binding.channel();
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(request), to), channel.voidPromise());
    }

    private void later(CompletableFuture<byte[]> answer, Duration after, Runnable what) {
        var timer = loop.schedule(
                () -> {
                    if (!answer.isDone()) {
                        what.run();
                    }
                },
                Math.max(1, after.toMillis()),
                TimeUnit.MILLISECONDS);
        answer.whenComplete((frame, failure) -> timer.cancel(false));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
        ByteBuf content = packet.content();
        if (content.readableBytes() < EnvelopeCodec.BYTES) {
            return;
        }
        byte[] datagram = ByteBufUtil.getBytes(content);
        ByteBuffer in = ByteBuffer.wrap(datagram);
        try {
            Envelope envelope = EnvelopeCodec.decode(in);
            Waiting question = waiting.get(envelope.requestId());
            if (question != null && question.to().equals(packet.sender())) {
                EnvelopeCodec.check(envelope);
                accept(question, envelope, datagram, packet.sender());
            }
        } catch (MalformedMessageException e) {
            return; // a good answer may still come
        }
    }

    private void accept(Waiting question, Envelope envelope, byte[] datagram, InetSocketAddress from) {
        int here = datagram.length - EnvelopeCodec.BYTES;
        if (envelope.messageLength() <= here) {
            question.answer().complete(datagram);
        } else if (FragmentAssembler.slicesOf(envelope.messageLength()) > SLICES_MAX) {
            question.answer()
                    .completeExceptionally(
                            new UpstreamException(Kind.TOO_LARGE, "answer of " + envelope.messageLength() + " octets"));
        } else {
            byte[] slice = java.util.Arrays.copyOfRange(datagram, EnvelopeCodec.BYTES, datagram.length);
            if (assembler.add(from, envelope, slice, System.nanoTime()) == FragmentAssembler.Outcome.COMPLETE) {
                byte[] message = assembler.take();
                question.answer()
                        .complete(ByteBuffer.allocate(EnvelopeCodec.BYTES + message.length)
                                .put(datagram, 0, EnvelopeCodec.BYTES)
                                .put(message)
                                .array());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // an unreachable port of somebody; the questions to him time out
    }
}
