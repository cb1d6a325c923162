package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fast path says is, octet for octet, what the general path says; where it might not be, it says nothing. */
class FastResolutionTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_790_000_000L), ZoneOffset.UTC);
    private static final int SERIAL = 1;
    private static final int EXPIRES = 1_790_000_000;

    @TempDir
    static Path directory;

    private static RecordStore records;
    private static FastResolution fast;

    @BeforeAll
    static void open() {
        records = RecordStore.open(RecordStoreConfig.defaults(directory.resolve("r")), new SimpleMeterRegistry());
        fast = new FastResolution(records, SERIAL, CLOCK);
        put("1/A", HandleValue.text(1, "URL", "https://a.example/", 7));
        put("1/PRIVATE", new HandleValue(1, "K", new byte[3], TimeToLive.DAY, 7, Permissions.ADMIN_ONLY, List.of()));
        put("0.NA/1", HandleValue.text(1, "N", "x", 7));
    }

    @AfterAll
    static void close() {
        records.close();
    }

    private static void put(String handle, HandleValue... values) {
        records.apply(List.of(new RecordChange.Put(new Handle(handle), List.of(values), List.of())))
                .join();
    }

    private static byte[] request(String handle) {
        return ClientCodec.resolution(99, OpFlags.DEFAULT_REQUEST, EXPIRES, handle, List.of(), new int[0]);
    }

    /** The fast path's octets; nothing if it declined. */
    private static byte[] fastAnswer(byte[] frame) {
        ByteBuf in = Unpooled.directBuffer().writeZero(3).writeBytes(frame); // not at the buffer's start
        ByteBuf out = fast.answer(in, 3, frame.length, ByteBufAllocator.DEFAULT);
        assertThat(in.readerIndex()).isZero();
        in.release();
        if (out == null) {
            return new byte[0];
        }
        byte[] octets = ByteBufUtil.getBytes(out);
        out.release();
        return octets;
    }

    private static byte[] generalAnswer(byte[] frame) throws MalformedMessageException {
        Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
        RequestMessage message = RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, 20, frame.length));
        String handle = ((Request.Resolution) message.request()).handle();
        Response response =
                new Response.Values(handle, records.find(new Handle(handle)).orElseThrow());
        return new ResponseEncoder(SERIAL, CLOCK).encode(message, 1, 0, response, Optional.empty());
    }

    @Test
    void saysWhatTheGeneralPathSays() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String handle = "1/" + randomName(random);
            put(handle, randomValues(random));
            byte[] frame = request(random.nextBoolean() ? handle : Handle.foldAscii(handle));
            frame[0] = 2;
            frame[1] = (byte) (1 + random.nextInt(11)); // message version
            frame[2] = (byte) (random.nextBoolean() ? 2 : 0); // suggested major, 0 = the message's
            frame[3] = (byte) (1 + random.nextInt(20));
            ByteBuffer.wrap(frame).putInt(28, random.nextInt() & OpFlags.ECHOED);

            byte[] answer = fastAnswer(frame);

            if (answer.length > 0) {
                assertThat(answer).as("%s", handle).isEqualTo(generalAnswer(frame));
            } else {
                assertThat(Math.min(frame[2] == 0 ? frame[1] : frame[3], 11))
                        .as("declined")
                        .isEqualTo(6);
            }
        }
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder("n");
        for (int n = random.nextInt(40); n >= 0; n--) {
            name.appendCodePoint("aZ9-/ é茶😀".codePointAt(random.nextInt(8)));
        }
        return name.toString().replaceAll("[\\ud800-\\udfff]", "😀").replace("😀😀", "😀");
    }

    private static HandleValue[] randomValues(Random random) {
        List<HandleValue> values = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 1; i <= count; i++) {
            byte[] data = new byte[random.nextInt(10) == 0 ? 20_000 : random.nextInt(200)];
            random.nextBytes(data);
            values.add(new HandleValue(
                    i, "T" + i, data, new TimeToLive(random.nextBoolean(), random.nextInt(99)), i, 0x0e, List.of()));
        }
        return values.toArray(HandleValue[]::new);
    }

    @Test
    void answersLargeRecords() throws Exception {
        put("1/large", HandleValue.text(1, "T", "x".repeat(250_000), 0));

        assertThat(fastAnswer(request("1/large"))).isEqualTo(generalAnswer(request("1/large")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/none", "1/PRIVATE", "0.NA/1", "0.na/1", "nothing", "1/"})
    void leavesToTheGeneralPath(String handle) {
        assertThat(fastAnswer(request(handle))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {OpFlags.CERTIFIED, OpFlags.ENCRYPT, OpFlags.REQUEST_DIGEST})
    void leavesSpecialWishesToTheGeneralPath(int flag) {
        byte[] frame = request("1/A");
        ByteBuffer.wrap(frame).putInt(28, OpFlags.DEFAULT_REQUEST | flag);

        assertThat(fastAnswer(frame)).isEmpty();
    }

    @Test
    void leavesFiltersToTheGeneralPath() {
        assertThat(fastAnswer(
                        ClientCodec.resolution(9, OpFlags.DEFAULT_REQUEST, EXPIRES, "1/A", List.of("URL"), new int[0])))
                .isEmpty();
        assertThat(fastAnswer(
                        ClientCodec.resolution(9, OpFlags.DEFAULT_REQUEST, EXPIRES, "1/A", List.of(), new int[] {1})))
                .isEmpty();
    }

    @Test
    void leavesEverythingOddToTheGeneralPath() {
        byte[] good = request("1/A");
        assertThat(fastAnswer(good)).isNotEmpty();
        for (int at : new int[] {0, 1, 2, 4, 16, 20, 24, 40, 44}) {
            for (int value : new int[] {-1, 0x7fffffff, 0x02000000, 0x05010203}) {
                byte[] odd =
                        ByteBuffer.wrap(good.clone()).putInt(at & ~3, value).array();
                byte[] answer = fastAnswer(odd);
                assertThat(answer).as("offset %d value %x", at & ~3, value).isEmpty();
            }
        }
        for (int length = 0; length < good.length; length++) {
            assertThat(fastAnswer(Arrays.copyOf(good, length)))
                    .as("length %d", length)
                    .isEmpty();
        }
    }

    @Test
    void makesHardlyAnyObjectsPerRequest() throws Exception {
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED); // it makes objects of its own
        try {
            AtomicLong bytesPerRequest = new AtomicLong(-1);
            Thread loop = new FastThreadLocalThread(() -> bytesPerRequest.set(bytesPerRequest()));
            loop.start();
            loop.join();
            // two views of direct memory, for the call into RocksDB
            assertThat(bytesPerRequest.get()).isBetween(0L, 160L);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    private static long bytesPerRequest() {
        byte[] frame = request("1/A");
        ByteBuf in = Unpooled.directBuffer().writeBytes(frame);
        answerTimes(5_000, in, frame.length, ByteBufAllocator.DEFAULT);
        long before = allocatedBytes();
        answerTimes(10_000, in, frame.length, ByteBufAllocator.DEFAULT);
        in.release();
        return (allocatedBytes() - before) / 10_000;
    }

    private static void answerTimes(int times, ByteBuf in, int length, ByteBufAllocator allocator) {
        for (int i = 0; i < times; i++) {
            ByteBuf out = fast.answer(in, 0, length, allocator);
            if (out == null || !out.release()) {
                throw new AssertionError("request " + i + " was not answered");
            }
        }
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void neverThrowsOrLeaks() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] good = request("1/A");
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = Arrays.copyOf(good, random.nextInt(10) == 0 ? random.nextInt(120) : good.length);
            for (int n = random.nextInt(3); n >= 0 && frame.length > 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            byte[] answer = fastAnswer(frame);
            if (answer.length > 0) {
                assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("https://a.example/");
            }
        }
    }
}
