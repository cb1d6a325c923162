package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Binary frames to octets and back. Where a frame ends means nothing: packets may span frames and share them. Any other data frame
 * ends the connection [MQTT-6.0.0-1, MQTT-6.0.0-2].
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    private boolean inBinary;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean data =
                frame instanceof BinaryWebSocketFrame || (inBinary && frame instanceof ContinuationWebSocketFrame);
        if (!data) {
            frame.release();
            context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        inBinary = !frame.isFinalFragment();
        context.fireChannelRead(frame.content());
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean octets = message instanceof ByteBuf buffer && buffer.isReadable();
        context.write(octets ? new BinaryWebSocketFrame((ByteBuf) message) : message, promise);
    }
}
