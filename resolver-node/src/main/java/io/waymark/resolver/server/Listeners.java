package io.waymark.resolver.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open sockets. All hosts of a listener have the same port, and UDP the same as TCP; port 0 is chosen by the system and
 * tried again should it be free for one of them only.
 */
public final class Listeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int PORT_TRIES = 20;
    private static final int DATAGRAM_BYTES_MAX = 1472;
    private static final int DATAGRAMS_PER_READ = 64;
    private static final int UDP_SOCKET_BYTES = 1 << 20;
    private static final int BACKLOG = 1024;
    private static final WriteBufferWaterMark UDP_BACKLOG_BYTES = new WriteBufferWaterMark(512 << 10, 1 << 20);
    static final WriteBufferWaterMark TCP_BACKLOG_BYTES = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final EventLoops loops;
    private final List<Channel> channels = new ArrayList<>();

    /**
     * @param loops run the channels; not closed here
     */
    public Listeners(EventLoops loops) {
        this.loops = loops;
    }

    /**
     * Opens TCP and UDP on the same port of every host.
     *
     * @param port 0 = chosen by the system
     * @return where the first host was bound
     * @throws UncheckedIOException naming the address that could not be bound
     */
    public InetSocketAddress handle(List<String> hosts, int port, HandlerFactory handlers) {
        return open(hosts, port, address -> {
            InetSocketAddress bound = stream(address, handlers.tcp());
            datagrams(bound, handlers.udp());
            return bound;
        });
    }

    /** Opens HTTP on the same port of every host; as {@link #handle}. */
    public InetSocketAddress http(List<String> hosts, int port, HandlerFactory handlers) {
        return open(hosts, port, address -> stream(address, handlers.http()));
    }

    private interface Opener {
        InetSocketAddress open(InetSocketAddress address) throws IOException;
    }

    private InetSocketAddress open(List<String> hosts, int port, Opener opener) {
        List<InetAddress> addresses = HostAddresses.of(hosts);
        for (int tried = 1; ; tried++) {
            int before = channels.size();
            try {
                return openAll(addresses, port, opener);
            } catch (BindException e) {
                closeFrom(before);
                if (port != 0 || tried == PORT_TRIES) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
            } catch (IOException e) {
                closeFrom(before);
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    private static InetSocketAddress openAll(List<InetAddress> addresses, int port, Opener opener) throws IOException {
        InetSocketAddress first = opener.open(new InetSocketAddress(addresses.get(0), port));
        for (InetAddress address : addresses.subList(1, addresses.size())) {
            opener.open(new InetSocketAddress(address, first.getPort()));
        }
        return first;
    }

    private InetSocketAddress stream(InetSocketAddress address, ChannelInitializer<Channel> children)
            throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(() -> loops.serverChannel(address.getAddress()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TCP_BACKLOG_BYTES)
                .childHandler(children);
        return bound(bootstrap.bind(address), "TCP", address);
    }

    private void datagrams(InetSocketAddress address, ChannelInitializer<Channel> handler) throws IOException {
        for (int i = 0; i < loops.datagramSocketsPerAddress(); i++) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops.group())
                    .channelFactory(() -> loops.datagramChannel(address.getAddress()))
                    .option(ChannelOption.SO_RCVBUF, UDP_SOCKET_BYTES)
                    .option(ChannelOption.SO_SNDBUF, UDP_SOCKET_BYTES)
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UDP_BACKLOG_BYTES)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new FixedRecvByteBufAllocator(
                                    loops.receiveBufferBytes(DATAGRAM_BYTES_MAX, DATAGRAMS_PER_READ)))
                    .handler(handler);
            loops.tuneDatagrams(bootstrap, DATAGRAM_BYTES_MAX);
            bound(bootstrap.bind(address), "UDP", address);
        }
    }

    private InetSocketAddress bound(io.netty.channel.ChannelFuture binding, String transport, InetSocketAddress address)
            throws IOException {
        binding.awaitUninterruptibly();
        Throwable cause = binding.cause();
        if (cause == null) {
            channels.add(binding.channel());
            return (InetSocketAddress) binding.channel().localAddress();
        }
        String message = "cannot listen on " + transport + ' ' + address + ": " + cause.getMessage();
        LOG.debug(message, cause);
        throw new BindException(message);
    }

    private void closeFrom(int index) {
        while (channels.size() > index) {
            channels.remove(channels.size() - 1).close().awaitUninterruptibly();
        }
    }

    /** Stops listening. Open connections end with their event loops. */
    @Override
    public void close() {
        closeFrom(0);
    }
}
