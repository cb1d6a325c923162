package io.waymark.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.statistics.Lane;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.MalformedMessageException;
import io.waymark.resolver.wire.RequestDecoder;
import io.waymark.resolver.wire.ResponseEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the octets of a request to the octets of its answer, without the network.
 *
 * <p>{@link #lookup} is the floor: the bare read of the same keys.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class ResolutionBenchmark {
    private static final int DIGITS = 7;
    private static final String KEY = "88.118.8/K0000000";
    private static final int HEADER = 24;
    private static final int HANDLE_AT = EnvelopeCodec.BYTES + HEADER + 4;

    /** How many records. */
    @Param("200000")
    private int records;

    /** Where the store finds them. */
    @Param
    private RecordSource from = RecordSource.MEMORY;

    @SuppressWarnings("NullAway.Init") // set up by JMH before any call
    private Trial state;

    /** What one trial holds. */
    private static final class Trial {
        private final RecordFixture fixture;
        private final FastResolution fast;
        private final FastResolution counted;
        private final Statistics statistics;
        private final Lane lane;
        private final Resolver resolver;
        private final ResponseEncoder encoder;
        private final ByteBuf all = request("88.118.8/k0000000", false);
        private final ByteBuf filtered = request("88.118.8/k0000000", true);
        private final ByteBuf absent = request("88.118.8/n0000000", false);
        private final ByteBuffer key = ByteBuffer.allocateDirect(KEY.length());
        private final ByteBuffer record = ByteBuffer.allocateDirect(4096);

        Trial(RecordFixture fixture) {
            this.fixture = fixture;
            SiteRecord site = new SiteRecord(new SiteInfo(
                    1, 2, 11, SiteRecord.SERIAL, true, false, SiteInfo.HashOption.WHOLE_HANDLE, List.of(), List.of()));
            this.fast = new FastResolution(fixture.store(), SiteRecord.SERIAL, Clock.systemUTC());
            this.statistics = Statistics.open(
                    StatisticsConfig.defaults(fixture.directory().resolve("statistics")),
                    new SimpleMeterRegistry(),
                    Clock.systemUTC());
            this.lane = statistics.lane();
            this.counted = new FastResolution(fixture.store(), SiteRecord.SERIAL, Clock.systemUTC(), lane);
            this.resolver = new Resolver(fixture.store(), site);
            this.encoder = new ResponseEncoder(SiteRecord.SERIAL, Clock.systemUTC());
            key.put(KEY.getBytes(StandardCharsets.US_ASCII)).flip();
        }
    }

    private final SplittableRandom random = new SplittableRandom(20261122);
    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;

    /** Fills the store. */
    @Setup(Level.Trial)
    public void open() throws IOException, MalformedIdentifierException {
        state = new Trial(RecordFixture.create(records, from));
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void close() {
        state.statistics.close();
        state.fixture.close();
    }

    /** The floor: folded key to stored record. */
    @Benchmark
    public int lookup() {
        putNumber(state.key);
        int length = state.fixture.store().read(state.key, state.record);
        if (length <= 0) {
            throw new IllegalStateException("a record that was stored is not found");
        }
        return length;
    }

    /** What nearly every request takes: answered in place. */
    @Benchmark
    public int answer() {
        putNumber(state.all);
        ByteBuf answer = state.fast.answer(state.all, 0, state.all.readableBytes(), allocator);
        if (answer == null) {
            throw new IllegalStateException("the fast path declined a plain request");
        }
        int length = answer.readableBytes();
        answer.release();
        return length;
    }

    /** The same, counted by prefix and day. */
    @Benchmark
    public int answerCounted() {
        putNumber(state.all);
        ByteBuf answer = state.counted.answer(state.all, 0, state.all.readableBytes(), allocator);
        if (answer == null) {
            throw new IllegalStateException("the fast path declined a plain request");
        }
        int length = answer.readableBytes();
        answer.release();
        return length;
    }

    /** What counting costs by itself. */
    @Benchmark
    public void count() {
        state.lane.count(state.key, Measure.FOUND);
    }

    /** Values of one type only: messages are decoded and encoded as objects. */
    @Benchmark
    public byte[] filtered() throws MalformedMessageException {
        putNumber(state.filtered);
        return general(state.filtered);
    }

    /** A name that is not there, of a prefix that is not either. */
    @Benchmark
    public byte[] notFound() throws MalformedMessageException {
        putNumber(state.absent);
        ByteBuf none = state.fast.answer(state.absent, 0, state.absent.readableBytes(), allocator);
        if (none != null) {
            throw new IllegalStateException("an absent handle was answered");
        }
        return general(state.absent);
    }

    private byte[] general(ByteBuf in) throws MalformedMessageException {
        byte[] frame = new byte[in.readableBytes()];
        in.getBytes(0, frame);
        Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
        RequestMessage message =
                RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, EnvelopeCodec.BYTES, frame.length));
        Request.Resolution request = (Request.Resolution) message.request();
        Response response = state.resolver.resolve(
                request.handle(), new ValueFilter(request.indexes(), request.types()), Resolver.Reader.ANYONE);
        return state.encoder.encode(message, message.header().opCode(), 0, response, Optional.empty());
    }

    /** The same cost for all: a new number into the name's last digits. */
    private void putNumber(ByteBuffer key) {
        int n = random.nextInt(records);
        for (int i = KEY.length() - 1; i >= KEY.length() - DIGITS; i--) {
            key.put(i, (byte) ('0' + n % 10));
            n /= 10;
        }
    }

    private void putNumber(ByteBuf request) {
        int n = random.nextInt(records);
        for (int i = KEY.length() - 1; i >= KEY.length() - DIGITS; i--) {
            request.setByte(HANDLE_AT + i, '0' + n % 10);
            n /= 10;
        }
    }

    /** A plain request as clients write it, in lower case, so that folding is part of the work. */
    private static ByteBuf request(String handle, boolean onlyModel) {
        byte[] name = handle.getBytes(StandardCharsets.US_ASCII);
        byte[] type = onlyModel ? "MODEL".getBytes(StandardCharsets.US_ASCII) : new byte[0];
        int body = 4 + name.length + 4 + 4 + (onlyModel ? 4 + type.length : 0);
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(EnvelopeCodec.BYTES + HEADER + body + 4);
        out.writeInt(0x020b020b).writeInt(0).writeInt(4711).writeInt(0).writeInt(HEADER + body + 4);
        out.writeInt(1)
                .writeInt(0)
                .writeInt(0x19000000)
                .writeInt(0x00010000)
                .writeInt(0x7fffffff)
                .writeInt(body);
        out.writeInt(name.length).writeBytes(name).writeInt(0).writeInt(onlyModel ? 1 : 0);
        if (onlyModel) {
            out.writeInt(type.length).writeBytes(type);
        }
        return out.writeInt(0);
    }
}
