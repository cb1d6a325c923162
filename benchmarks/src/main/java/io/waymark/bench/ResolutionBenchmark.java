package io.waymark.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.MalformedMessageException;
import io.waymark.resolver.wire.RecordReader;
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
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
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
    private static final int MIN_ANSWER = 150;
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
        private final Resolver resolver;
        private final ResponseEncoder encoder;
        private final ByteBuf all = request("88.118.8/k0000000", false);
        private final ByteBuf filtered = request("88.118.8/k0000000", true);
        private final ByteBuf absent = request("88.118.8/n0000000", false);
        private final ByteBuffer key = ByteBuffer.allocateDirect(KEY.length());
        private final ByteBuffer record = ByteBuffer.allocateDirect(4096);
        private final ByteBuffer out = ByteBuffer.allocateDirect(4096);
        private final ByteBuf[] batch = IntStream.range(0, FastResolution.BATCH_MAX)
                .mapToObj(n -> request("88.118.8/k0000000", false))
                .toArray(ByteBuf[]::new);

        Trial(RecordFixture fixture) {
            this.fixture = fixture;
            SiteRecord site = new SiteRecord(new SiteInfo(
                    1, 2, 11, SiteRecord.SERIAL, true, false, SiteInfo.HashOption.WHOLE_HANDLE, List.of(), List.of()));
            RecordReader reader = fixture.source() == RecordSource.PAGES ? RecordReader.DISK : RecordReader.MEMORY;
            this.fast = new FastResolution(fixture.store(), reader, SiteRecord.SERIAL, Clock.systemUTC(), null);
            this.resolver = new Resolver(fixture.store(), site);
            this.encoder = new ResponseEncoder(SiteRecord.SERIAL, Clock.systemUTC());
            key.put(KEY.getBytes(StandardCharsets.US_ASCII)).flip();
        }
    }

    private final SplittableRandom random = new SplittableRandom(20261122);

    /** Fills the store. */
    @Setup(Level.Trial)
    public void open() throws IOException, MalformedIdentifierException {
        state = new Trial(RecordFixture.create(records, from));
        for (int n = 0; n < records; n++) { // memory holds what was asked for once
            putNumber(state.key, n);
            lookupOf(state.key);
        }
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void close() {
        state.fixture.close();
    }

    /** The floor: folded key to stored record. */
    @Benchmark
    public int lookup() {
        putNumber(state.key, random.nextInt(records));
        return lookupOf(state.key);
    }

    private int lookupOf(ByteBuffer key) {
        int length = state.fixture.store().read(key, state.record);
        if (length <= 0) {
            throw new IllegalStateException("a record that was stored is not found");
        }
        return length;
    }

    /** What nearly every request takes: answered in place. */
    @Benchmark
    public int answer() {
        putNumber(state.all);
        return fast(state.all, ResponseCode.SUCCESS);
    }

    /** As requests come under load: many are looked up together. */
    @Benchmark
    @OperationsPerInvocation(FastResolution.BATCH_MAX)
    public int answerBatch() {
        FastResolution fast = state.fast;
        for (ByteBuf request : state.batch) {
            putNumber(request);
            fast.hold(request, 0, request.readableBytes());
        }
        fast.fetch();
        int bytes = 0;
        for (int n = 0; n < FastResolution.BATCH_MAX; n++) {
            bytes += fast.answer(n, state.out.clear());
        }
        fast.release();
        if (bytes < FastResolution.BATCH_MAX * MIN_ANSWER) {
            throw new IllegalStateException("the fast path declined a plain request");
        }
        return bytes;
    }

    /** Values of one type only, answered in place. */
    @Benchmark
    public int filtered() {
        putNumber(state.filtered);
        return fast(state.filtered, ResponseCode.SUCCESS);
    }

    /** A name that is not there, of a prefix that is. */
    @Benchmark
    public int notFound() {
        putNumber(state.absent);
        return fast(state.absent, ResponseCode.HANDLE_NOT_FOUND);
    }

    private int fast(ByteBuf request, ResponseCode code) {
        int bytes = state.fast.answerOne(request, 0, request.readableBytes(), state.out.clear());
        if (bytes < 0 || state.fast.code() != code) {
            throw new IllegalStateException("expected " + code + " but got " + bytes + ", " + state.fast.code());
        }
        return bytes;
    }

    /** What all this is spared: messages decoded and encoded as objects. */
    @Benchmark
    public byte[] generalPath() throws MalformedMessageException {
        putNumber(state.filtered);
        return general(state.filtered);
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
    private static void putNumber(ByteBuffer key, int number) {
        int n = number;
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
