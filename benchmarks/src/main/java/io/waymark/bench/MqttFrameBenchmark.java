package io.waymark.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.util.ReferenceCountUtil;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.wire.FrameCutter;
import io.waymark.gateway.wire.MalformedPacketException;
import io.waymark.gateway.wire.PacketDecoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * 64 PUBLISH packets (QoS 1, MQTT 3.1.1, 256 octets of payload) as they lie in one read from the socket.
 *
 * <p>{@link #copyPayloads} is the floor: the copy each payload needs anyway. {@link #nettyCodec} is what the codec of Netty
 * takes for the same, and shares the payload instead of copying it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MqttFrameBenchmark {
    private static final int PACKETS = Publishes.PACKETS;
    private static final int PAYLOAD = Publishes.PAYLOAD;
    private static final int PACKET_BYTES_MAX = 1 << 20;

    private final ByteBuf read = Publishes.read();
    private final PacketDecoder decoder = new PacketDecoder();
    private final EmbeddedChannel codec = new EmbeddedChannel(new MqttDecoder(PACKET_BYTES_MAX));

    /** Our cutter and decoder. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void cutAndDecode(Blackhole hole) throws MalformedPacketException {
        read.readerIndex(0);
        while (read.isReadable()) {
            int length = FrameCutter.lengthOf(read, PACKET_BYTES_MAX);
            Packet packet = decoder.decode(read, length);
            hole.consume(packet);
        }
    }

    /** Only where each packet ends. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int cut() throws MalformedPacketException {
        read.readerIndex(0);
        int sum = 0;
        while (read.isReadable()) {
            int length = FrameCutter.lengthOf(read, PACKET_BYTES_MAX);
            read.skipBytes(length);
            sum += length;
        }
        return sum;
    }

    /** The floor. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void copyPayloads(Blackhole hole) {
        int packet = read.writerIndex() / PACKETS;
        for (int i = 1; i <= PACKETS; i++) {
            byte[] payload = new byte[PAYLOAD];
            read.getBytes(i * packet - PAYLOAD, payload);
            hole.consume(payload);
        }
    }

    /** Netty's own decoder. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void nettyCodec(Blackhole hole) {
        codec.writeInbound(read.retainedDuplicate().readerIndex(0));
        for (Object packet = codec.readInbound(); packet != null; packet = codec.readInbound()) {
            hole.consume(packet);
            ReferenceCountUtil.release(packet);
        }
    }
}
