package io.waymark.gateway.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.SessionTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT listeners, plain and TLS, and the event loops behind them. */
public final class MqttServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttServer.class);
    private static final int BACKLOG = 4_096;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final int HTTP_BYTES_MAX = 8_192;
    private static final long STOP_MILLIS = 1_500;

    private final ServerContext context;
    private final MultiThreadIoEventLoopGroup group;
    private final Map<EventLoop, LoopContext> loops = new ConcurrentHashMap<>();
    private final List<Channel> listeners = new ArrayList<>();
    private final InetSocketAddress address;
    private final Optional<InetSocketAddress> tlsAddress;
    private final Optional<InetSocketAddress> webSocketAddress;
    private final Optional<InetSocketAddress> secureWebSocketAddress;
    private final Optional<ReloadingTls> tls;
    private final ConnectRate rate;
    private final long startNanos = System.nanoTime();

    private MqttServer(ServerContext context, MeterRegistry registry) {
        this.context = context;
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        ServerSettings settings = context.settings();
        ServerSettings.Listeners listening = settings.listeners();
        this.rate = new ConnectRate(settings.connections().perSecond());
        this.tls = listening.mqtts().map(t -> new ReloadingTls(t, registry));
        this.group = new ConnectionLoops(settings.ioThreads(), new DefaultThreadFactory("gateway-io", true), io);
        for (Iterator<EventExecutor> each = group.iterator(); each.hasNext(); ) {
            EventLoop loop = (EventLoop) each.next();
            loops.put(loop, new LoopContext(loop, context.journal()));
        }
        boolean started = false;
        try {
            this.address = bind(listening.mqtt(), false, false);
            this.tlsAddress = listening.mqtts().map(tls -> bind(tls.listener(), true, false));
            this.webSocketAddress = listening
                    .webSocket()
                    .flatMap(ServerSettings.WebSocket::plain)
                    .map(plain -> bind(plain, false, true));
            this.secureWebSocketAddress = listening
                    .webSocket()
                    .flatMap(ServerSettings.WebSocket::secure)
                    .map(secure -> bind(secure, true, true));
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
        new Housekeeping(context, anyLoop()).start(group);
    }

    /**
     * Binds and serves.
     *
     * @param queues what the sessions' queues are read from
     * @param sessions already holds what the store remembers
     * @param devices told of what changes
     * @param rejections takes what is refused
     * @throws IllegalStateException naming the address that cannot be bound
     * @throws IllegalArgumentException naming the TLS file that cannot be used
     */
    public static MqttServer start(
            ServerSettings settings,
            Journal journal,
            QueueReader queues,
            ConnectAuthenticator authenticator,
            SessionTable sessions,
            LiveDevices devices,
            Rejections rejections,
            MeterRegistry metrics,
            Clock clock) {
        return new MqttServer(
                new ServerContext(
                        settings,
                        journal,
                        authenticator,
                        sessions,
                        devices,
                        new QueueLoader(queues),
                        rejections,
                        new ServerMetrics(metrics),
                        clock),
                metrics);
    }

    /** Where MQTT is served: the first of the hosts. */
    public InetSocketAddress address() {
        return address;
    }

    /** Where MQTT over TLS is served, if it is. */
    public Optional<InetSocketAddress> tlsAddress() {
        return tlsAddress;
    }

    /** Where MQTT over WebSocket is served, if it is. */
    public Optional<InetSocketAddress> webSocketAddress() {
        return webSocketAddress;
    }

    /** Where MQTT over WebSocket over TLS is served, if it is. */
    public Optional<InetSocketAddress> secureWebSocketAddress() {
        return secureWebSocketAddress;
    }

    /** Takes a message that no client sent to those whose copy is not stored. Any thread; must be durable already. */
    public void deliver(Routing routing) {
        anyLoop().execute(routing::deliver);
    }

    /** Kafka has committed every message up to this spool position. One thread at a time. */
    public void forwarded(long position) {
        loops.values().forEach(loop -> loop.kafkaWaits().reached(position));
    }

    // ---- listeners

    /** Binds every host with the same port; the first decides it when the system chooses. */
    private InetSocketAddress bind(ServerSettings.Listener wanted, boolean secure, boolean webSocket) {
        InetSocketAddress first = null;
        for (String host : wanted.hosts()) {
            InetSocketAddress address = resolve(host, first == null ? wanted.port() : first.getPort());
            if (first != null && isIpv6(address) && !hasIpv6()) {
                LOG.info("{} skipped: this machine has no IPv6", host);
                continue;
            }
            Channel listener = bind(address, secure, webSocket);
            listeners.add(listener);
            first = first == null ? (InetSocketAddress) listener.localAddress() : first;
        }
        if (first == null) {
            throw new IllegalArgumentException("a listener needs at least one host");
        }
        return first;
    }

    private static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 16;
    }

    private static boolean hasIpv6() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress resolve(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("MQTT listener host " + host + " is unknown", e);
        }
    }

    private Channel bind(InetSocketAddress wanted, boolean secure, boolean webSocket) {
        Class<? extends ServerChannel> type =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        try {
            return new ServerBootstrap()
                    .group(group)
                    .channel(type)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accept(channel, secure, webSocket);
                        }
                    })
                    .bind(wanted)
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            throw new IllegalStateException("MQTT cannot be served on " + wanted + ": " + e.getMessage(), e);
        }
    }

    private void accept(Channel channel, boolean secure, boolean webSocket) {
        if (context.metrics().connections.get()
                >= context.settings().connections().max()) {
            context.metrics().refused("too_many_connections");
            channel.close();
            return;
        }
        if (!mayConnect(channel)) {
            context.metrics().refused("connection_rate");
            channel.close();
            return;
        }
        if (secure) {
            SslHandler handler = tls.orElseThrow().current().newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(
                    context.settings().connections().connectTimeout().toMillis());
            channel.pipeline().addLast(handler);
        }
        if (webSocket) {
            context.settings().listeners().webSocket().ifPresent(settings -> addWebSocket(channel, settings));
        }
        channel.pipeline()
                .addLast(new MqttHandler(
                        context,
                        loop(channel.eventLoop()),
                        channel,
                        context.settings().offer().acks().of(secure, webSocket)));
    }

    private boolean mayConnect(Channel channel) {
        return !(channel.remoteAddress() instanceof InetSocketAddress peer)
                || rate.allows(peer.getAddress(), System.nanoTime() - startNanos);
    }

    private void addWebSocket(Channel channel, ServerSettings.WebSocket settings) {
        WebSocketServerProtocolConfig protocol = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(settings.path())
                .subprotocols(String.join(",", WebSocketGate.SUBPROTOCOLS))
                .checkStartsWith(true)
                .allowExtensions(false)
                .maxFramePayloadLength(context.settings().offer().packetBytesMax())
                .handshakeTimeoutMillis(
                        context.settings().connections().connectTimeout().toMillis())
                .build();
        channel.pipeline()
                .addLast(new HttpServerCodec(2_048, HTTP_BYTES_MAX, HTTP_BYTES_MAX))
                .addLast(new HttpObjectAggregator(HTTP_BYTES_MAX, true))
                .addLast(new WebSocketGate(settings, context.metrics()))
                .addLast(new WebSocketServerProtocolHandler(protocol))
                .addLast(new WebSocketFrames());
    }

    private LoopContext anyLoop() {
        return loops.values().iterator().next();
    }

    private LoopContext loop(EventLoop loop) {
        LoopContext found = loops.get(loop);
        if (found == null) {
            throw new IllegalStateException("a channel must be on one of the server's loops");
        }
        return found;
    }

    // ---- the end

    /**
     * Stops accepting and reading, sends the acknowledgements that are still coming, tells 5.0 clients that the server shuts
     * down, closes. Less than three seconds.
     */
    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        loops.values()
                .forEach(loop -> loop.loop()
                        .execute(() -> List.copyOf(loop.connections()).forEach(MqttHandler::stop)));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (context.metrics().connections.get() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        context.loader().close();
        tls.ifPresent(ReloadingTls::close);
        group.shutdownGracefully(0, 300, TimeUnit.MILLISECONDS).awaitUninterruptibly(1_000);
    }
}
