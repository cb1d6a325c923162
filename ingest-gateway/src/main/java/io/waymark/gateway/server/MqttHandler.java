package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Ping;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Unsubscribe;
import io.waymark.gateway.session.SessionOwner;
import io.waymark.gateway.wire.MalformedPacketException;
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
final class MqttHandler extends ChannelInboundHandlerAdapter implements SessionOwner, PacketInput.Receiver {
    private enum Phase {
        NEW,
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(MqttHandler.class);

    private final ServerContext server;
    private final LoopContext loop;
    private final PacketInput input = new PacketInput(this);
    private final Deadlines deadlines;
    private final SpoolGate gate;
    private final AuthFlow authenticating;
    private final ConnectFlow connecting;
    private final InboundFlow inbound;
    private final OutboundFlow outbound;
    private final SubscribeFlow subscribing;

    private final Channel channel;
    private final ReadPause reading;
    private @Nullable PacketOutput output;
    private Phase phase = Phase.NEW;
    private boolean finishing;
    private boolean touched;
    private boolean stopping;
    private long readMillis;

    MqttHandler(ServerContext server, LoopContext loop, Channel channel) {
        this.server = server;
        this.loop = loop;
        this.channel = channel;
        this.reading = new ReadPause(channel, server.metrics().paused);
        this.deadlines = new Deadlines(loop.wheel(), this::timedOut);
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

    SpoolGate gate() {
        return gate;
    }

    AuthFlow authenticating() {
        return authenticating;
    }

    ConnectFlow connecting() {
        return connecting;
    }

    boolean mayBeAnonymous() {
        return server.settings().anonymous()
                && channel.remoteAddress() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress();
    }

    /** As {@link ClientCertificate#deviceId}. */
    @Nullable
    String certifiedDevice() {
        return server.settings()
                .tls()
                .map(tls -> ClientCertificate.deviceId(channel, tls.clients()))
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
        deadlines.connecting(server.settings().connectTimeout().toNanos());
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
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        finishBatch();
    }

    @Override
    public boolean mayDecode() {
        return !reading.isPaused() && phase != Phase.CLOSED;
    }

    @Override
    public int packetBytesMax() {
        int max = server.settings().offer().packetBytesMax();
        return phase == Phase.CONNECTED ? max : Math.min(max, ServerSettings.CONNECT_BYTES_MAX);
    }

    @Override
    public void malformed(MalformedPacketException why) {
        fail(why.reason(), String.valueOf(why.getMessage()));
    }

    @Override
    public void received(Packet packet) {
        if (phase == Phase.NEW) {
            handleFirst(packet);
            return;
        }
        if (phase == Phase.CONNECTING) {
            handleBeforeConnAck(packet);
            return;
        }
        switch (packet.type()) {
            case PUBLISH -> inbound.publish((Publish) packet);
            case PUBREL -> inbound.release((Ack) packet);
            case PUBACK, PUBREC, PUBCOMP -> outbound.acknowledged((Ack) packet);
            case SUBSCRIBE -> subscribing.subscribe((Subscribe) packet);
            case UNSUBSCRIBE -> subscribing.unsubscribe((Unsubscribe) packet);
            case PINGREQ -> send(Ping.RESPONSE);
            case DISCONNECT -> disconnected((Disconnect) packet);
            case CONNECT -> fail(ReasonCode.PROTOCOL_ERROR, "CONNECT must not be repeated");
            case AUTH -> authenticating.received((Auth) packet, true);
            case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
                fail(ReasonCode.PROTOCOL_ERROR, packet.type() + " must not come from a client");
        }
    }

    private void handleFirst(Packet packet) {
        if (packet.type() != PacketType.CONNECT) {
            fail(ReasonCode.PROTOCOL_ERROR, "the first packet must be CONNECT but was " + packet.type());
            return;
        }
        phase = Phase.CONNECTING;
        reading.begin(ReadPause.Reason.CONNECTING);
        connecting.connect((Connect) packet);
    }

    /** Only an exchange of AUTH lets anything be read here [MQTT-3.1.2-30]. */
    private void handleBeforeConnAck(Packet packet) {
        if (packet.type() == PacketType.AUTH) {
            reading.begin(ReadPause.Reason.CONNECTING);
            authenticating.received((Auth) packet, false);
        } else if (packet.type() == PacketType.DISCONNECT) {
            end(false);
            output().close();
        } else {
            fail(ReasonCode.PROTOCOL_ERROR, packet.type() + " must not come before CONNACK");
        }
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

    private void disconnected(Disconnect packet) {
        boolean raised = packet.sessionExpirySeconds() > 0 && !connecting.mayRaiseExpiry();
        if (raised) {
            fail(ReasonCode.PROTOCOL_ERROR, "session expiry must stay 0 in DISCONNECT when it was 0 in CONNECT");
            return;
        }
        connecting.disconnected(packet);
        end(packet.reason() != ReasonCode.SUCCESS);
        output().close();
    }

    // ---- pausing

    void resume(ReadPause.Reason why) {
        if (reading.end(why)) {
            input.decode();
            // Decoding what was kept may have found a new reason.
            reading.readOn();
            finishBatch();
        }
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

    private PacketOutput output() {
        PacketOutput present = output;
        if (present == null) {
            throw new IllegalStateException("a handler must be in a pipeline before anything happens");
        }
        return present;
    }

    void send(Packet packet) {
        if (phase != Phase.CLOSED) {
            output().add(packet, input.version());
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
        if (stopping && phase == Phase.CONNECTED && inbound.owed() == 0) {
            stopNow();
        }
    }

    // ---- deadlines

    void connected(int keepAliveSeconds) {
        phase = Phase.CONNECTED;
        deadlines.connected(keepAliveSeconds);
        resume(ReadPause.Reason.CONNECTING);
    }

    private void timedOut() {
        switch (phase) {
            case NEW -> failConnect("no CONNECT within " + connectMillis() + " ms");
            case CONNECTING -> fail(ReasonCode.SERVER_BUSY, "CONNECT not answered within " + connectMillis() + " ms");
            case CONNECTED -> checkKeepAlive();
            case CLOSED -> channel.close();
        }
    }

    private long connectMillis() {
        return server.settings().connectTimeout().toMillis();
    }

    private void failConnect(String message) {
        server.metrics().refused("connect_timeout");
        LOG.debug("{}: closed: {}", peer(), message);
        end(false);
        channel.close();
    }

    private void checkKeepAlive() {
        // A client that we do not read for a reason of ours is not to blame for silence.
        if (deadlines.isSilent(reading.isOurs())) {
            fail(ReasonCode.KEEP_ALIVE_TIMEOUT, "nothing received for " + deadlines.keepAliveMillis() + " ms");
        }
    }

    // ---- the end

    /** Ends the connection for this reason, which the client is told in whatever way its protocol version has. */
    void fail(ReasonCode reason, String message) {
        if (phase == Phase.CLOSED) {
            return;
        }
        server.metrics().refused(reason.label());
        LOG.debug("{}: closed: {}: {}", peer(), reason.label(), message);
        boolean five = input.version().hasProperties();
        if (phase == Phase.CONNECTED) {
            inbound.sendSettled();
            if (five) {
                send(new Disconnect(reason, -1, connecting.hasRoomForWords() ? message : ""));
            }
        } else {
            refuseConnect(reason, message);
        }
        end(true);
        deadlines.ending();
        output().end();
    }

    private void refuseConnect(ReasonCode reason, String message) {
        ReasonCode said = reason.inConnAck();
        server.metrics().connect(reason);
        if (input.version().hasProperties() || said.connectReturnCode() > 0) {
            send(new ConnAck(false, said, null, connecting.hasRoomForWords() ? message : ""));
        }
    }

    /** Leaves the session; the channel closes by itself or is closed by the caller. */
    private void end(boolean abnormal) {
        Phase was = phase;
        reading.close();
        phase = Phase.CLOSED;
        connecting.ended(abnormal && was == Phase.CONNECTED && !stopping);
        input.end();
    }

    /** The server stops: no more is read, what is owed is sent, then the client is told. */
    void stop() {
        stopping = true;
        reading.begin(ReadPause.Reason.STOPPING);
        switch (phase) {
            case NEW -> {
                end(false);
                channel.close();
            }
            case CONNECTING -> stopNow();
            case CONNECTED -> finishBatch();
            case CLOSED -> {}
        }
    }

    private void stopNow() {
        fail(ReasonCode.SERVER_SHUTTING_DOWN, "the server is shutting down");
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
