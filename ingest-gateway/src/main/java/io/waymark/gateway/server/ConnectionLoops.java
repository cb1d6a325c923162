package io.waymark.gateway.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The event loops, and which of them a new connection comes to.
 *
 * <p>One loop that has slept takes packets in the order in which they arrived, whichever connections they came on; two loops do not. So
 * the first few connections share a loop: where a handful of clients speak with each other, a SUBSCRIBE sent ahead of another client's
 * PUBLISH is carried out ahead of it. From then on each goes to the loop that has fewest. Any thread.
 */
final class ConnectionLoops extends MultiThreadIoEventLoopGroup {
    /** Most connections that are kept on one loop. */
    static final int TOGETHER_MAX = 4;

    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicIntegerArray connections;

    ConnectionLoops(int threads, ThreadFactory factory, IoHandlerFactory io) {
        super(threads, factory, io);
        for (EventExecutor each : this) {
            loops.add((EventLoop) each);
        }
        connections = new AtomicIntegerArray(loops.size());
    }

    @Override
    public ChannelFuture register(Channel channel) {
        if (channel instanceof ServerChannel) {
            return super.register(channel);
        }
        int chosen = choose(connections);
        connections.incrementAndGet(chosen);
        channel.closeFuture().addListener(closed -> connections.decrementAndGet(chosen));
        return loops.get(chosen).register(channel);
    }

    /** The index of the loop for one more connection. */
    static int choose(AtomicIntegerArray connections) {
        int fullest = 0;
        int emptiest = 0;
        int sum = 0;
        for (int i = 0; i < connections.length(); i++) {
            int count = connections.get(i);
            sum += count;
            fullest = count > connections.get(fullest) ? i : fullest;
            emptiest = count < connections.get(emptiest) ? i : emptiest;
        }
        return sum < TOGETHER_MAX ? fullest : emptiest;
    }
}
