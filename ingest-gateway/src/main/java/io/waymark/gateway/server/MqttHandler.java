package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;
import io.waymark.gateway.access.ShownCertificate;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.session.SessionOwner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: packets in to the flows, packets out, and the end. Reading is paused while a reason for it holds. Event loop
 * only, except where {@link SessionOwner} says so.
 */
final class MqttHandler extends ChannelInboundHandlerAdapter implements SessionOwner {
    /** How far a connection has come. */
    enum Phase {
        /** Nothing came yet. */
        NEW,
        /** CONNECT is being answered. */
        CONNECTING,
        /** CONNACK is on its way. */
        CONNECTED,
        /** Over; the channel may still be open. */
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(MqttHandler.class);

    private final ServerContext server;
    private final LoopContext loop;
    private final PacketInput input;
    private final Deadlines deadlines;
    private final ConnectionEnd ending;
    private final SpoolGate gate;
    private final AuthFlow authenticating;
    private final ConnectFlow connecting;
    private final InboundFlow inbound;
    private final OutboundFlow outbound;
    private final SubscribeFlow subscribing;
    private final LiveLink live = new LiveLink(this);

    private final Channel channel;
    private final AckLevel ackLevel;
    private final ReadPause reading;
    private @Nullable PacketOutput output;
    private Phase phase = Phase.NEW;
    private boolean finishing;
    private boolean touched;
    private long readMillis;

    MqttHandler(ServerContext server, LoopContext loop, Channel channel, AckLevel ackLevel) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.ackLevel = ackLevel;
        this.reading = new ReadPause(channel, server.metrics().paused, server.metrics().pausedOctets);
        this.input = new PacketInput(new PacketDispatch(this));
        this.ending = new ConnectionEnd(this);
        this.deadlines = new Deadlines(loop.wheel(), ending::timedOut);
        this.gate = new SpoolGate(
                loop,
                server.journal(),
                () -> reading.begin(ReadPause.Reason.SPOOL_FULL),
                () -> resume(ReadPause.Reason.SPOOL_FULL));
        this.inbound = new InboundFlow(this);
        this.outbound = new OutboundFlow(this);
        this.subscribing = new SubscribeFlow(this);
        this.authenticating = new AuthFlow(this);
        this.connecting = new ConnectFlow(this);
    }

    ServerContext server() {
        return server;
    }

    LoopContext loop() {
        return loop;
    }

    ProtocolVersion version() {
        return input.version();
    }

    /** Of the listener. */
    AckLevel ackLevel() {
        return ackLevel;
    }

    SpoolGate gate() {
        return gate;
    }

    AuthFlow authenticating() {
        return authenticating;
    }

    LiveLink live() {
        return live;
    }

    ConnectFlow connecting() {
        return connecting;
    }

    boolean mayBeAnonymous() {
        return server.settings().anonymous()
                && channel.remoteAddress() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress();
    }

    /** As {@link ClientCertificate#shown}. */
    @Nullable
    ShownCertificate shownCertificate() {
        return server.settings()
                .listeners()
                .mqtts()
                .map(tls -> ClientCertificate.shown(channel, tls.clients()))
                .orElse(null);
    }

    ReadPause reading() {
        return reading;
    }

    InboundFlow inbound() {
        return inbound;
    }

    OutboundFlow outbound() {
        return outbound;
    }

    Channel channel() {
        return channel;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    SubscribeFlow subscribing() {
        return subscribing;
    }

    Phase phase() {
        return phase;
    }

    /** CONNECT came. */
    void connecting(Connect packet) {
        phase = Phase.CONNECTING;
        reading.begin(ReadPause.Reason.CONNECTING);
        connecting.connect(packet);
    }

    boolean isOpen() {
        return phase != Phase.CLOSED;
    }

    boolean isConnected() {
        return phase == Phase.CONNECTED;
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** When the octets now decoded were read: {@link System#nanoTime}. */
    long readNanos() {
        return deadlines.lastReadNanos();
    }

    /** When the octets now decoded were read: milliseconds since 1970 UTC. */
    long readMillis() {
        return readMillis;
    }

    /** Address and port of the peer. */
    String address() {
        String peer = peer();
        return peer.startsWith("/") ? peer.substring(1) : peer;
    }

    String peer() {
        return String.valueOf(channel.remoteAddress());
    }

    // ---- the channel's life

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        output = new PacketOutput(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        server.metrics().connections.incrementAndGet();
        loop.connections().add(this);
        deadlines.read();
        deadlines.connecting(server.settings().connections().connectTimeout().toNanos());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (phase != Phase.CLOSED) {
            end(true);
        }
        deadlines.cancel();
        output().release();
        if (loop.connections().remove(this)) {
            server.metrics().connections.decrementAndGet();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            LOG.debug("{}: connection lost: {}", peer(), cause.toString());
            server.metrics().refused("connection_lost");
        } else if (cause instanceof CorruptedFrameException || cause instanceof TooLongFrameException) {
            LOG.debug("{}: no WebSocket frame: {}", peer(), cause.toString());
            server.metrics().refused("malformed_frame");
        } else {
            LOG.error("{}: connection closed by an unexpected error", peer(), cause);
            server.metrics().refused("internal_error");
        }
        if (phase != Phase.CLOSED) {
            end(true);
        }
        context.close();
    }

    // ---- octets in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf octets)) {
            ReferenceCountUtil.release(message);
            return;
        }
        deadlines.read();
        readMillis = server.clock().millis();
        input.read(context.alloc(), octets);
        reading.keeps(input.unreadOctets());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        finishBatch();
    }

    /** Sends AUTH; while connecting, the answer is read. */
    void sendAuth(Auth packet) {
        if (phase == Phase.CLOSED) {
            return;
        }
        send(packet);
        output().flush();
        if (phase == Phase.CONNECTING) {
            resume(ReadPause.Reason.CONNECTING);
        }
    }

    // ---- pausing

    void resume(ReadPause.Reason why) {
        if (reading.end(why)) {
            input.decode();
            // Decoding what was kept may have found a new reason.
            reading.readOn();
            finishBatch();
        }
        reading.keeps(input.unreadOctets());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            resume(ReadPause.Reason.UNWRITABLE);
            finishBatch();
        } else {
            reading.begin(ReadPause.Reason.UNWRITABLE);
        }
    }

    // ---- packets out

    PacketOutput output() {
        PacketOutput present = output;
        if (present == null) {
            throw new IllegalStateException("a handler must be in a pipeline before anything happens");
        }
        return present;
    }

    /** Sends it; a client that takes no packet of its size is left without it and, unless it is the last word, disconnected. */
    void send(Packet packet) {
        if (phase != Phase.CLOSED && !output().add(packet, input.version())) {
            ending.tooLarge(packet);
        }
    }

    /** Something may have to be sent once the mail being opened is all opened. */
    void touch() {
        if (!touched) {
            touched = true;
            loop.touch(this);
        }
    }

    /** Sends what is due: acknowledgements first, then messages for the client. */
    void finishBatch() {
        if (finishing || input.isDecoding() || phase == Phase.CLOSED) {
            return;
        }
        finishing = true;
        touched = false;
        try {
            if (phase == Phase.CONNECTED) {
                inbound.sendAcks();
                outbound.pump();
            }
            output().flush();
        } finally {
            finishing = false;
        }
        if (ending.isStopping() && phase == Phase.CONNECTED && inbound.owed() == 0) {
            ending.stopNow();
        }
    }

    // ---- deadlines

    void connected(int keepAliveSeconds) {
        phase = Phase.CONNECTED;
        deadlines.connected(keepAliveSeconds);
        resume(ReadPause.Reason.CONNECTING);
    }

    // ---- the end

    /** Ends the connection for this reason, which the client is told in whatever way its protocol version has. */
    void fail(ReasonCode reason, String message) {
        ending.fail(reason, message);
    }

    /** Leaves the session; the channel closes by itself or is closed by the caller. */
    void end(boolean abnormal) {
        Phase was = phase;
        reading.close();
        phase = Phase.CLOSED;
        live.end();
        connecting.ended(abnormal && was == Phase.CONNECTED && !ending.isStopping());
        input.end();
    }

    /** The server stops: no more is read, what is owed is sent, then the client is told. */
    void stop() {
        ending.stop();
    }

    // ---- session owner: any thread

    @Override
    public CompletionStage<Void> evict() {
        loop.execute(() -> fail(ReasonCode.SESSION_TAKEN_OVER, "another connection uses this client identifier"));
        return connecting.released();
    }

    @Override
    public void outboundReady() {
        outbound.wake();
    }
}
