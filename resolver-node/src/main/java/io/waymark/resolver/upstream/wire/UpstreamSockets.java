package io.waymark.resolver.upstream.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.waymark.resolver.upstream.Courier;
import io.waymark.resolver.upstream.UpstreamException;
import io.waymark.resolver.upstream.UpstreamException.Kind;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A courier on one thread, {@code waymark-upstream}: a datagram socket per address family, a connection per stream. */
public final class UpstreamSockets implements Courier {
    private static final long STOP_MILLIS = 500;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("waymark-upstream", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();

    // opened when first used
    private @Nullable DatagramPost v4;
    private @Nullable DatagramPost v6;

    @Override
    public void execute(Runnable work) {
        loop.execute(work);
    }

    @Override
    public CompletableFuture<byte[]> datagram(
            InetSocketAddress to, int requestId, byte[] request, Duration first, Duration second) {
        return post(to).send(to, requestId, request, first, second);
    }

    private DatagramPost post(InetSocketAddress to) {
        if (to.getAddress() instanceof Inet6Address) {
            DatagramPost six = v6 == null ? DatagramPost.open(loop, true) : v6;
            v6 = six;
            return six;
        }
        DatagramPost four = v4 == null ? DatagramPost.open(loop, false) : v4;
        v4 = four;
        return four;
    }

    @Override
    public CompletableFuture<byte[]> stream(InetSocketAddress to, byte[] request, Duration timeout) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        long millis = Math.max(1, timeout.toMillis());
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(millis, Integer.MAX_VALUE))
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new StreamExchange(request, answer))
                .connect(to);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                answer.completeExceptionally(new UpstreamException(Kind.UNREACHABLE, to + " refuses"));
            }
        });
        var timer = loop.schedule(
                () -> answer.completeExceptionally(new UpstreamException(Kind.TIMEOUT, to + " is silent")),
                millis,
                TimeUnit.MILLISECONDS);
        answer.whenComplete((frame, failure) -> {
            timer.cancel(false);
            connecting.channel().close();
        });
        return answer;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * STOP_MILLIS);
    }
}
