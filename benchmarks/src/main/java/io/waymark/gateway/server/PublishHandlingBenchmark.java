package io.waymark.gateway.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.waymark.bench.BenchFolder;
import io.waymark.bench.Publishes;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.session.SessionLimits;
import io.waymark.gateway.session.SessionTable;
import io.waymark.gateway.wire.FrameCutter;
import io.waymark.gateway.wire.MalformedPacketException;
import io.waymark.gateway.wire.PacketDecoder;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A PUBLISH (QoS 1, 256 octets of payload) from its octets to the spool's door, and its PUBACK back to octets once the spool says
 * that it is durable: everything a connection does but system calls and the disk. 64 of them in one read. In the gateway's own
 * package, because that is nobody else's business.
 *
 * <p>{@link #cutAndDecode} is the floor: only what is needed to know what came.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PublishHandlingBenchmark {
    private static final int PACKETS = Publishes.PACKETS;

    private final List<Spool.Completion> offered = new ArrayList<>(PACKETS);
    private final PacketDecoder decoder = new PacketDecoder();
    private final ByteBuf read = Publishes.read();

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private BenchFolder folder;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private DeviceStore devices;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private ConnectAuthenticator authenticator;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private QueueLoader loader;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private EmbeddedChannel channel;

    /** A channel that comes from this machine, so that it may be anonymous. */
    private static final class LocalChannel extends EmbeddedChannel {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }
    }

    /** Connects one client to a server whose spool is a list. */
    @Setup(Level.Trial)
    public void connect() throws IOException {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        folder = BenchFolder.create();
        devices = DeviceStore.open(folder.path(), metrics);
        authenticator = new ConnectAuthenticator(devices, 1, metrics);
        loader = new QueueLoader((queue, from, entries, octets) -> List.of());
        ServerContext context = new ServerContext(
                settings(),
                this::offer,
                authenticator,
                new SessionTable(SessionLimits.defaults(), metrics, Clock.systemUTC()),
                new LiveDevices(new AccessRules(List.of()), metrics, Clock.systemUTC()),
                loader,
                new Rejections(RejectionLimits.defaults(), "rejected", "bench", this::offer, metrics),
                new ServerMetrics(metrics),
                Clock.systemUTC());
        channel = new LocalChannel();
        LoopContext loop = new LoopContext(channel.eventLoop(), context.journal());
        channel.pipeline().addLast(new MqttHandler(context, loop, channel, AckLevel.SPOOL));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(Unpooled.wrappedBuffer(
                new byte[] {0x10, 15, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 3, 'o', 'n', 'e'}));
        if (!(channel.readOutbound() instanceof ByteBuf answer) || answer.getByte(3) != 0) {
            throw new IllegalStateException("the client was not let in");
        }
    }

    private static ServerSettings settings() {
        return new ServerSettings(
                new ServerSettings.Listeners(
                        new ServerSettings.Listener(List.of("127.0.0.1"), 0), Optional.empty(), Optional.empty()),
                new ServerSettings.Connections(1, 0, Duration.ofSeconds(20)),
                true,
                Offer.defaults(),
                1);
    }

    private Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
        if (write.message() != null) {
            offered.add(completion);
        }
        return Spool.Offer.ACCEPTED;
    }

    /** Removes everything. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        channel.close();
        loader.close();
        authenticator.close();
        devices.close();
        folder.close();
    }

    /** Octets in, octets out. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void publish(Blackhole hole) {
        channel.writeInbound(read.retainedDuplicate().readerIndex(0));
        if (offered.size() != PACKETS) {
            throw new IllegalStateException("of " + PACKETS + " messages " + offered.size() + " reached the spool");
        }
        for (int i = 0; i < PACKETS; i++) {
            offered.get(i).durable(1);
        }
        offered.clear();
        channel.runPendingTasks();
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            hole.consume(out);
            ReferenceCountUtil.release(out);
        }
    }

    /** The floor. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void cutAndDecode(Blackhole hole) throws MalformedPacketException {
        read.readerIndex(0);
        while (read.isReadable()) {
            hole.consume(decoder.decode(read, FrameCutter.lengthOf(read, 1 << 20)));
        }
    }
}
