package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.waymark.resolver.tls.TlsContexts;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Tells TLS from plain HTTP by a connection's first octet, which no HTTP request can have, and gives place to what it found.
 * Private keys are used on other threads: a flood of handshakes does not hold resolution up.
 */
final class TlsSniffer extends ByteToMessageDecoder {
    /** A TLS record of a handshake. */
    private static final int HANDSHAKE = 0x16;

    private static final int CLIENT_HELLO_BYTES_MAX = 16_384;
    private static final long HANDSHAKE_MILLIS_MAX = 10_000;

    private final TlsContexts contexts;
    private final Executor handshakes;

    TlsSniffer(TlsContexts contexts, Executor handshakes) {
        this.contexts = contexts;
        this.handshakes = handshakes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
            ctx.pipeline().addAfter(ctx.name(), null, new TlsChooser());
        }
        ctx.pipeline().remove(this); // what was read goes to the next handler
    }

    private final class TlsChooser extends SniHandler {
        TlsChooser() {
            super(contexts::forHost, CLIENT_HELLO_BYTES_MAX, HANDSHAKE_MILLIS_MAX);
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = context.newHandler(allocator, handshakes);
            handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS_MAX);
            return handler;
        }
    }
}
