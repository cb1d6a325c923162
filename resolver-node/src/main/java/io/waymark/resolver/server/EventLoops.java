package io.waymark.resolver.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The threads that own every socket of the node. Epoll where there is epoll: then each loop has a UDP socket of its own on
 * the same port, and the kernel spreads the clients over them; elsewhere Java's NIO with one UDP socket.
 */
public final class EventLoops implements AutoCloseable {
    private static final long QUIET_MILLIS = 0;
    private static final long STOP_MILLIS = 2_000;

    private final boolean epoll;
    private final int threads;
    private final EventLoopGroup group;

    /**
     * @param threads 1 or more
     */
    public EventLoops(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("ioThreads must be at least 1 but was " + threads);
        }
        this.epoll = Epoll.isAvailable();
        this.threads = threads;
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group =
                new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("waymark-resolver", true), handlers);
    }

    EventLoopGroup group() {
        return group;
    }

    ServerChannel serverChannel(InetAddress address) {
        return epoll ? new EpollServerSocketChannel(family(address)) : new NioServerSocketChannel();
    }

    DatagramChannel datagramChannel(InetAddress address) {
        return epoll ? new EpollDatagramChannel(family(address)) : new NioDatagramChannel(family(address));
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    }

    int datagramSocketsPerAddress() {
        return epoll ? threads : 1;
    }

    /** With epoll several datagrams are read by one system call, each into its part of the buffer. */
    int receiveBufferBytes(int datagramBytes, int datagrams) {
        return epoll ? datagramBytes * datagrams : datagramBytes;
    }

    void tuneDatagrams(Bootstrap bootstrap, int datagramBytes) {
        if (epoll) {
            bootstrap
                    .option(UnixChannelOption.SO_REUSEPORT, true)
                    .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, datagramBytes);
        }
    }

    /** Calls back again and again, on one of the loops: the task must not block. */
    public void every(Duration interval, Runnable task) {
        group.next().scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends every connection and waits for the threads. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, STOP_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(STOP_MILLIS * 2);
    }
}
