package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslHandler;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.wire.PacketEncoder;
import org.jspecify.annotations.Nullable;

/** Packets to one client, gathered so that many leave in one write. Event loop only. */
final class PacketOutput {
    private static final int GATHERED_BYTES = 16 * 1024;

    private final ChannelHandlerContext context;
    private @Nullable ByteBuf gathered;
    private long packetBytesMax = Long.MAX_VALUE;

    PacketOutput(ChannelHandlerContext context) {
        this.context = context;
    }

    boolean isWritable() {
        return context.channel().isWritable();
    }

    /** The client takes no larger packet. */
    void limit(long bytes) {
        packetBytesMax = bytes;
    }

    /** False if it is larger than the client takes: then it must not be sent [MQTT-3.1.2-24]. */
    boolean add(Packet packet, ProtocolVersion version) {
        ByteBuf buffer = gathered;
        if (buffer == null) {
            buffer = context.alloc().buffer(256);
            gathered = buffer;
        }
        int start = buffer.writerIndex();
        PacketEncoder.encode(packet, version, buffer);
        if (buffer.writerIndex() - start > packetBytesMax) {
            buffer.writerIndex(start);
            return false;
        }
        if (buffer.readableBytes() >= GATHERED_BYTES) {
            write();
        }
        return true;
    }

    private void write() {
        ByteBuf buffer = gathered;
        gathered = null;
        if (buffer != null) {
            context.write(buffer, context.voidPromise());
        }
    }

    void flush() {
        write();
        context.flush();
    }

    /** Sends what is gathered and closes. */
    void close() {
        write();
        context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Sends what is gathered and says that nothing follows; the client closes. To close at once while octets of the client are
     * still unread would make the system reset the connection and the client lose the reason it was just told.
     */
    void end() {
        if (context.pipeline().get(WebSocketFrames.class) != null) {
            write();
            context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (context.pipeline().get(SslHandler.class) != null || !(context.channel() instanceof DuplexChannel channel)) {
            close();
            return;
        }
        write();
        context.writeAndFlush(context.alloc().buffer(0)).addListener(sent -> {
            if (sent.isSuccess()) {
                channel.shutdownOutput();
                channel.config().setAutoRead(true);
            } else {
                channel.close();
            }
        });
    }

    /** The channel is closed. */
    void release() {
        ByteBuf buffer = gathered;
        gathered = null;
        if (buffer != null) {
            buffer.release();
        }
    }
}
