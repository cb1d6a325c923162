package io.waymark.resolver.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.waymark.resolver.http.WebDoor;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.tls.TlsContexts;
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.FragmentAssembler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Furnishes channels. What a channel's handlers keep is used by that channel's event loop alone. */
public final class HandlerFactory {
    private static final int CHUNK_BYTES_MAX = 8192;

    private final ColdPath cold;
    private final WebDoor web;
    private final FastThreadLocal<HotPath> hot;
    private final BriefAnswer brief;
    private final Duration idle;
    private final UdpLimits udpLimits;
    private final ConnectionLimits connections;
    private final ConnectionTable tcpConnections;
    private final ConnectionTable httpConnections;
    private final ResolverMetrics metrics;
    private final Optional<TlsContexts> tls;
    private final Executor handshakes;
    private final AtomicInteger udpChannels = new AtomicInteger();

    /**
     * @param cold answers what event loops cannot
     * @param resolutions make one for each event loop; they read memory only
     * @param idle connections without traffic are closed after this
     * @param udpLimits keep forged requests from being worth while
     * @param connections bounds of TCP and HTTP
     * @param tls if HTTP may be spoken over TLS
     * @param handshakes run the private key operations of TLS; bounded
     */
    public HandlerFactory(
            ColdPath cold,
            WebDoor web,
            Supplier<FastResolution> resolutions,
            BriefAnswer brief,
            Duration idle,
            UdpLimits udpLimits,
            ConnectionLimits connections,
            ResolverMetrics metrics,
            Optional<TlsContexts> tls,
            Executor handshakes) {
        this.cold = cold;
        this.web = web;
        this.hot = new FastThreadLocal<>() {
            @Override
            protected HotPath initialValue() {
                return HotPath.of(resolutions.get());
            }
        };
        this.brief = brief;
        this.idle = idle;
        this.udpLimits = udpLimits;
        this.connections = connections;
        this.tcpConnections = new ConnectionTable(connections, metrics.connections(Transport.TCP));
        this.httpConnections = new ConnectionTable(connections, metrics.connections(Transport.HTTP));
        this.metrics = metrics;
        this.tls = tls;
        this.handshakes = handshakes;
    }

    ChannelInitializer<Channel> udp() {
        return initializer(pipeline -> {
            FragmentAssembler assembler = new FragmentAssembler(FragmentAssembler.Limits.defaults());
            metrics.watch(assembler, Integer.toString(udpChannels.getAndIncrement()));
            pipeline.addLast(new UdpHandler(cold, hot.get(), brief, assembler, udpLimits, metrics));
        });
    }

    ChannelInitializer<Channel> tcp() {
        return initializer(pipeline -> {
            SlowSenderGuard guard = guarded(pipeline, Transport.TCP);
            pipeline.addLast(new TcpHandler(cold, hot.get(), brief, guard, metrics));
        });
    }

    ChannelInitializer<Channel> http() {
        return initializer(pipeline -> {
            SlowSenderGuard guard = guarded(pipeline, Transport.HTTP);
            tls.ifPresent(contexts -> pipeline.addLast(new TlsSniffer(contexts, handshakes)));
            pipeline.addLast(
                    new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(HttpHandler.LINE_BYTES_MAX)
                            .setMaxHeaderSize(HttpHandler.HEADER_BYTES_MAX)
                            .setMaxChunkSize(CHUNK_BYTES_MAX)),
                    new BodyLimit(metrics),
                    new FlowControlHandler(),
                    new HttpHandler(cold, web, hot.get(), brief, guard, metrics));
        });
    }

    private SlowSenderGuard guarded(ChannelPipeline pipeline, Transport transport) {
        SlowSenderGuard guard =
                new SlowSenderGuard(transport, connections.requestTime().toNanos(), metrics);
        ConnectionTable table = transport == Transport.HTTP ? httpConnections : tcpConnections;
        pipeline.addLast(
                new ConnectionLimit(transport, table, metrics),
                new IdleStateHandler(0, 0, idle.toMillis(), TimeUnit.MILLISECONDS),
                guard);
        return guard;
    }

    private interface Furnish {
        void furnish(ChannelPipeline pipeline);
    }

    private static ChannelInitializer<Channel> initializer(Furnish furnish) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                furnish.furnish(channel.pipeline());
            }
        };
    }
}
