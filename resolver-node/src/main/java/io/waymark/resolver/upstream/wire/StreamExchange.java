package io.waymark.resolver.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.waymark.resolver.upstream.UpstreamException;
import io.waymark.resolver.upstream.UpstreamException.Kind;
import io.waymark.resolver.wire.EnvelopeCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writes one message, reads one. */
final class StreamExchange extends ByteToMessageDecoder {
    private final byte[] request;
    private final CompletableFuture<byte[]> answer;

    StreamExchange(byte[] request, CompletableFuture<byte[]> answer) {
        this.request = request;
        this.answer = answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(request), ctx.voidPromise());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (answer.isDone() || in.readableBytes() < EnvelopeCodec.BYTES) {
            in.skipBytes(answer.isDone() ? in.readableBytes() : 0);
            return;
        }
        int length = in.getInt(in.readerIndex() + EnvelopeCodec.BYTES - 4);
        if (length < 0 || length > EnvelopeCodec.MAX_MESSAGE_BYTES) {
            answer.completeExceptionally(new UpstreamException(Kind.MALFORMED, "message length " + length));
        } else if (in.readableBytes() >= EnvelopeCodec.BYTES + length) {
            byte[] frame = ByteBufUtil.getBytes(in, in.readerIndex(), EnvelopeCodec.BYTES + length);
            in.skipBytes(in.readableBytes());
            answer.complete(frame);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        answer.completeExceptionally(new UpstreamException(Kind.UNREACHABLE, "closed without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answer.completeExceptionally(new UpstreamException(Kind.UNREACHABLE, String.valueOf(cause.getMessage())));
    }
}
