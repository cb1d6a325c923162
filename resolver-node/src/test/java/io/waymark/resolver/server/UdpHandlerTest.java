package io.waymark.resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.rate.ResponseRate;
import io.waymark.resolver.rate.ResponseRateLimiter;
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.FragmentAssembler;
import io.waymark.resolver.wire.RecordReader;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UdpHandlerTest {
    private static final int PROVEN = 4711;
    private static final InetSocketAddress NODE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2641);
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5353);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ResolverMetrics metrics = new ResolverMetrics(registry);
    private RecordStore records;
    private ColdPath cold;

    @BeforeEach
    void open() {
        records = RecordStore.open(RecordStoreConfig.defaults(directory), registry);
        records.apply(List.of(new RecordChange.Put(
                        new Handle("1/A"), List.of(HandleValue.text(1, "URL", "https://a.example/", 7)), List.of())))
                .join();
        cold = new ColdPath(
                ColdPath.Limits.defaults(),
                () -> fast(RecordReader.DISK),
                (frame, origin) -> CompletableFuture.completedFuture(Frames.of(List.of(frame))),
                metrics,
                registry);
    }

    @AfterEach
    void close() {
        cold.close();
        records.close();
    }

    private FastResolution fast(RecordReader reader) {
        return new FastResolution(records, reader, 1, Clock.systemUTC(), null);
    }

    private EmbeddedChannel channel(ResponseRate rate) {
        UdpLimits limits =
                new UdpLimits(1968, new ResponseRateLimiter(rate, System.nanoTime()), session -> session == PROVEN);
        return new EmbeddedChannel(new UdpHandler(
                cold,
                HotPath.of(fast(RecordReader.MEMORY)),
                new BriefAnswer(1, Clock.systemUTC()),
                new FragmentAssembler(FragmentAssembler.Limits.defaults()),
                limits,
                metrics));
    }

    private static DatagramPacket request(int id, int session) {
        byte[] frame = ClientCodec.resolution(id, OpFlags.DEFAULT_REQUEST, 0x7fffffff, "1/A", List.of(), new int[0]);
        ByteBuffer.wrap(frame).putInt(4, session);
        return new DatagramPacket(Unpooled.wrappedBuffer(frame), NODE, CLIENT);
    }

    private static int drain(EmbeddedChannel channel) {
        int datagrams = 0;
        for (DatagramPacket p = channel.readOutbound(); p != null; p = channel.readOutbound()) {
            datagrams++;
            assertThat(p.recipient()).isEqualTo(CLIENT);
            p.release();
        }
        return datagrams;
    }

    @Test
    void answersEachOfManyBatchesAndKeepsNothing() {
        EmbeddedChannel channel = channel(ResponseRate.unlimited());
        for (int round = 0; round < 5; round++) {
            DatagramPacket[] read = new DatagramPacket[150];
            for (int i = 0; i < read.length; i++) {
                read[i] = request(1000 * round + i, 0);
            }
            for (DatagramPacket packet : read) {
                channel.writeInbound(packet);
            }
            for (int i = 0; i < read.length; i++) {
                DatagramPacket answer = channel.readOutbound();
                ByteBuf octets = answer.content();
                assertThat(octets.getInt(8)).as("request id").isEqualTo(1000 * round + i);
                assertThat(octets.getInt(24)).as("code").isEqualTo(1);
                answer.release();
                assertThat(read[i].refCnt()).as("the request").isZero();
            }
        }
        channel.finishAndReleaseAll();
    }

    @Test
    void limitsEverybodyButProvenSessions() {
        EmbeddedChannel channel = channel(new ResponseRate(1, 2, 0, 24, 56, 64, List.of()));
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(request(i, 0));
        }
        assertThat(drain(channel)).as("nobody in particular").isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(request(i, 4712));
        }
        assertThat(registry.get("waymark.resolver.udp.limited")
                        .tag("outcome", "dropped")
                        .counter()
                        .count())
                .as("a number anybody can think of")
                .isEqualTo(18);
        for (int i = 0; i < 10; i++) {
            channel.writeInbound(request(i, PROVEN));
        }
        assertThat(registry.get("waymark.resolver.udp.limited")
                        .tag("outcome", "dropped")
                        .counter()
                        .count())
                .as("the number of a session")
                .isEqualTo(18);
        assertThat(registry.get("waymark.resolver.cold").counter().count()).isEqualTo(10);
        channel.finishAndReleaseAll();
    }
}
