package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
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
    private static final HandleValue PRIVATE =
            new HandleValue(9, "K", new byte[3], TimeToLive.DAY, 7, Permissions.ADMIN_ONLY, List.of());

    @TempDir
    static Path directory;

    private static RecordStore records;
    private static Resolver resolver;
    private static FastResolution fast;

    private final ByteBuffer out = ByteBuffer.allocateDirect(300_000);

    @BeforeAll
    static void open() {
        records = RecordStore.open(RecordStoreConfig.defaults(directory.resolve("r")), new SimpleMeterRegistry());
        SiteInfo site =
                new SiteInfo(1, 2, 11, SERIAL, true, false, SiteInfo.HashOption.WHOLE_HANDLE, List.of(), List.of());
        resolver = new Resolver(records, new SiteRecord(site));
        fast = new FastResolution(records, RecordReader.MEMORY, SERIAL, CLOCK, null);
        put("1/A", HandleValue.text(1, "URL", "https://a.example/", 7));
        put("1/PRIVATE", PRIVATE, HandleValue.text(1, "URL", "https://a.example/", 7));
        put("1/EMPTY");
        put("0.NA/1", PRIVATE, HandleValue.text(1, "N", "x", 7), HandleValue.text(2, "HS_PUBKEY", "x", 7));
        put("0.NA/SITED", HandleValue.text(1, "HS_SITE", "elsewhere", 7));
        put("0.NA/TEMPLATED", HandleValue.text(1, "HS_NAMESPACE", "<namespace/>", 7));
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
        return request(handle, List.of());
    }

    private static byte[] request(String handle, List<String> types, int... indexes) {
        return ClientCodec.resolution(99, OpFlags.DEFAULT_REQUEST, EXPIRES, handle, types, indexes);
    }

    private static byte[] withFlags(byte[] frame, int flags) {
        ByteBuffer.wrap(frame).putInt(28, flags);
        return frame;
    }

    /** The fast path's octets; nothing if it declined. */
    private byte[] fastAnswer(byte[] frame) {
        return fastAnswer(fast, frame);
    }

    private byte[] fastAnswer(FastResolution resolution, byte[] frame) {
        ByteBuf in = Unpooled.directBuffer().writeZero(3).writeBytes(frame); // not at the buffer's start
        out.clear().position(5);
        int bytes = resolution.answerOne(in, 3, frame.length, out);
        assertThat(in.readerIndex()).isZero();
        in.release();
        assertThat(out.position()).isEqualTo(5 + Math.max(bytes, 0));
        assertThat(out.limit()).isEqualTo(out.capacity());
        byte[] octets = new byte[Math.max(bytes, 0)];
        out.get(5, octets);
        return octets;
    }

    private static Request.Resolution resolution(byte[] frame) throws MalformedMessageException {
        return (Request.Resolution) message(frame).request();
    }

    private static RequestMessage message(byte[] frame) throws MalformedMessageException {
        Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
        return RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, 20, frame.length));
    }

    private static byte[] generalAnswer(byte[] frame) throws MalformedMessageException {
        Request.Resolution request = resolution(frame);
        ValueFilter filter = new ValueFilter(request.indexes(), request.types());
        Response response = resolver.resolve(request.handle(), filter, Resolver.Reader.ANYONE);
        return new ResponseEncoder(SERIAL, CLOCK).encode(message(frame), 1, 0, response, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 20_261_122})
    void saysWhatTheGeneralPathSays(long fixed) throws Exception {
        long seed = fixed == 0 ? System.nanoTime() : fixed;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int answers = 0;
        for (int i = 0; i < 600; i++) {
            String handle = "1/" + randomName(random);
            if (random.nextInt(8) > 0) {
                put(handle, randomValues(random));
            }
            byte[] frame = randomRequest(random, random.nextBoolean() ? handle : Handle.foldAscii(handle));

            byte[] answer = fastAnswer(frame);

            if (answer.length > 0) {
                answers++;
                assertThat(answer).as("%s", resolution(frame)).isEqualTo(generalAnswer(frame));
            } else {
                assertThat(mayDecline(frame))
                        .as("%s was declined", resolution(frame))
                        .isTrue();
            }
        }
        assertThat(answers).isGreaterThan(400);
    }

    /** An odd version, a question whose answer depends on who asks, or a name that is not ASCII and does not exist. */
    private static boolean mayDecline(byte[] frame) throws MalformedMessageException {
        Request.Resolution request = resolution(frame);
        ValueFilter filter = new ValueFilter(request.indexes(), request.types());
        return Math.min(frame[2] == 0 ? frame[1] : frame[3], 11) == 6
                || (!message(frame).has(OpFlags.PUBLIC_ONLY) && resolver.hasHiddenValues(request.handle(), filter))
                || (records.find(new Handle(request.handle())).isEmpty()
                        && request.handle().chars().anyMatch(c -> c > 0x7f));
    }

    private static byte[] randomRequest(Random random, String handle) {
        List<String> types = random.ints(random.nextInt(3), 0, 6)
                .mapToObj(n -> List.of("T1", "t2", "T.", "T.x.", "T", "").get(n))
                .toList();
        int[] indexes = random.ints(random.nextInt(3), -1, 6).toArray();
        byte[] frame = random.nextBoolean() ? request(handle) : request(handle, types, indexes);
        frame[0] = 2;
        frame[1] = (byte) (1 + random.nextInt(11)); // message version
        frame[2] = (byte) (random.nextBoolean() ? 2 : 0); // suggested major, 0 = the message's
        frame[3] = (byte) (1 + random.nextInt(20));
        return withFlags(
                random.nextInt(4) == 0 ? likeTheChineseClient(frame) : frame, random.nextInt() & OpFlags.ECHOED);
    }

    /** Its bodies end in the length of a text, which is empty. */
    private static byte[] likeTheChineseClient(byte[] frame) {
        int bodyLength = ByteBuffer.wrap(frame).getInt(40);
        int bodyEnd = 44 + bodyLength;
        return ByteBuffer.allocate(frame.length + 4)
                .put(frame, 0, bodyEnd)
                .putInt(0)
                .put(frame, bodyEnd, frame.length - bodyEnd)
                .putInt(16, frame.length + 4 - 20)
                .putInt(40, bodyLength + 4)
                .array();
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder("n");
        for (int n = random.nextInt(40); n >= 0; n--) {
            name.appendCodePoint("aZ9-/ é茶😀".codePointAt(random.nextInt(random.nextBoolean() ? 6 : 8)));
        }
        return name.toString().replaceAll("[\\ud800-\\udfff]", "😀").replace("😀😀", "😀");
    }

    private static HandleValue[] randomValues(Random random) {
        List<HandleValue> values = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 1; i <= count; i++) {
            byte[] data = new byte[random.nextInt(10) == 0 ? 20_000 : random.nextInt(200)];
            random.nextBytes(data);
            String type = List.of("T" + i, "t.X.y", "T.x", "Ü").get(random.nextInt(4));
            int permissions = random.nextInt(3) == 0 ? random.nextInt(16) : Permissions.DEFAULT;
            List<ValueReference> references = random.nextInt(4) == 0
                    ? List.of(new ValueReference("1/A", 3), new ValueReference("é", 4))
                    : List.of();
            TimeToLive ttl = new TimeToLive(random.nextBoolean(), random.nextInt(99));
            values.add(new HandleValue(i, type, data, ttl, i, permissions, references));
        }
        return values.toArray(HandleValue[]::new);
    }

    @Test
    void answersLargeRecords() throws Exception {
        put("1/large", HandleValue.text(1, "T", "x".repeat(250_000), 0));

        assertThat(fastAnswer(request("1/large"))).isEqualTo(generalAnswer(request("1/large")));
    }

    @Test
    void saysWhenTheBufferIsTooSmall() {
        put("1/middling", HandleValue.text(1, "T", "x".repeat(1000), 0));
        byte[] frame = request("1/middling");
        ByteBuf in = Unpooled.directBuffer().writeBytes(frame);
        int needed = fastAnswer(frame).length;
        for (int room = 0; room < needed; room++) {
            out.clear().limit(room);
            assertThat(fast.answerOne(in, 0, frame.length, out))
                    .as("room of %d", room)
                    .isEqualTo(-2);
            assertThat(out.position()).isZero();
            assertThat(out.limit()).isEqualTo(room);
        }
        assertThat(fast.answerOne(in, 0, frame.length, out.clear().limit(needed)))
                .isEqualTo(needed);
        in.release();
    }

    @Test
    void answersABatchAsItAnswersEachAlone() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FastResolution.BATCH_MAX; i++) {
            put("1/batch-" + i, HandleValue.text(1, "URL", "https://a.example/" + i, 7));
            frames.add(request(i % 5 == 4 ? "0.NA/1" : "1/batch-" + (i % 7 == 6 ? -i : i)));
        }
        ByteBuf[] ins = frames.stream().map(Unpooled::wrappedBuffer).toArray(ByteBuf[]::new);
        for (int n = 0; n < ins.length; n++) {
            fast.hold(ins[n], 0, frames.get(n).length);
        }
        fast.fetch();
        out.clear();
        for (int n = 0; n < ins.length; n++) {
            int start = out.position();
            int bytes = fast.answer(n, out);
            assertThat(bytes < 0).as("request %d", n).isEqualTo(n % 5 == 4);
            if (bytes > 0) {
                byte[] answer = new byte[bytes];
                out.get(start, answer);
                assertThat(answer).as("request %d", n).isEqualTo(generalAnswer(frames.get(n)));
            }
        }
        fast.release();
        assertThat(fast.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.NA/1", "0.na/1", "nothing", "1/", "/1", "SITED/none", "TEMPLATED/none", "UNKNOWN/none"})
    void leavesToTheGeneralPath(String handle) {
        assertThat(fastAnswer(request(handle))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/none", "1/n", "1/none/at/all", "1/EMPTY", "1/private"})
    void answersWhereThereIsNothingOrNotAll(String handle) throws Exception {
        assertThat(fastAnswer(request(handle))).isEqualTo(generalAnswer(request(handle)));
    }

    @Test
    void asksWhoAsksForPrivateValues() throws Exception {
        assertThat(fastAnswer(withFlags(request("1/PRIVATE"), 0))).isEmpty();
        assertThat(fastAnswer(withFlags(request("1/PRIVATE", List.of(), 9), 0))).isEmpty();
        byte[] other = withFlags(request("1/PRIVATE", List.of("URL")), 0);
        assertThat(fastAnswer(other)).isEqualTo(generalAnswer(other));
    }

    @ParameterizedTest
    @ValueSource(ints = {OpFlags.CERTIFIED, OpFlags.ENCRYPT, OpFlags.REQUEST_DIGEST})
    void leavesSpecialWishesToTheGeneralPath(int flag) {
        assertThat(fastAnswer(withFlags(request("1/A"), OpFlags.DEFAULT_REQUEST | flag)))
                .isEmpty();
    }

    @Test
    void leavesManyFiltersToTheGeneralPath() throws Exception {
        int[] sixteen = IntStream.range(0, 16).toArray();
        assertThat(fastAnswer(request("1/A", List.of("URL"), sixteen)))
                .isEqualTo(generalAnswer(request("1/A", List.of("URL"), sixteen)));
        assertThat(fastAnswer(request("1/A", List.of("URL"), new int[17]))).isEmpty();
        assertThat(fastAnswer(request("1/A", Collections.nCopies(17, "URL")))).isEmpty();
        assertThat(fastAnswer(request("1/A", List.of("Ü")))).isEmpty();
    }

    @Test
    void leavesEverythingOddToTheGeneralPath() {
        byte[] good = request("1/A");
        assertThat(fastAnswer(good)).isNotEmpty();
        for (int at : new int[] {0, 1, 2, 4, 16, 20, 24, 40, 44, 51, 55, 59}) {
            for (int value : new int[] {-1, 0x7fffffff, 0x02000000, 0x05010203}) {
                int place = at > 44 ? at : at & ~3;
                byte[] odd = ByteBuffer.wrap(good.clone()).putInt(place, value).array();
                assertThat(fastAnswer(odd))
                        .as("offset %d value %x", place, value)
                        .isEmpty();
            }
        }
        for (int length = 0; length < good.length; length++) {
            assertThat(fastAnswer(Arrays.copyOf(good, length)))
                    .as("length %d", length)
                    .isEmpty();
        }
    }

    /** What the event loop says no to is on the disk; once somebody has fetched it, the loop has it too. */
    @Test
    void goesToTheDiskOnlyWhereItMay() throws Exception {
        Path cold = directory.resolve("cold");
        try (RecordStore writer = RecordStore.open(RecordStoreConfig.defaults(cold), new SimpleMeterRegistry())) {
            HandleValue value = HandleValue.text(1, "URL", "https://a.example/", 7);
            writer.apply(List.of(
                            new RecordChange.Put(new Handle("1/A"), List.of(value), List.of()),
                            new RecordChange.Put(new Handle("0.NA/1"), List.of(value), List.of())))
                    .join();
        }
        // What was in the log when it closed is written to files when it opens.
        RecordStore.open(RecordStoreConfig.defaults(cold), new SimpleMeterRegistry())
                .close();
        try (RecordStore store = RecordStore.open(RecordStoreConfig.defaults(cold), new SimpleMeterRegistry())) {
            FastResolution memory = new FastResolution(store, RecordReader.MEMORY, SERIAL, CLOCK, null);
            FastResolution disk = new FastResolution(store, RecordReader.DISK, SERIAL, CLOCK, null);
            assertThat(fastAnswer(memory, request("1/A"))).isEmpty();
            assertThat(fastAnswer(memory, request("1/none"))).isEmpty();
            for (String handle : List.of("1/A", "1/none")) {
                byte[] answer = fastAnswer(disk, request(handle));
                assertThat(answer).as(handle).isNotEmpty();
                assertThat(fastAnswer(memory, request(handle))).as(handle).isEqualTo(answer);
            }
        }
    }

    /** Asked for again and again while it is being registered, a name is never denied after the registration was answered. */
    @Test
    void neverDeniesANameWhoseRegistrationWasAnswered() throws Exception {
        AtomicInteger registered = new AtomicInteger();
        AtomicReference<String> fault = new AtomicReference<>();
        Thread asker = new Thread(() -> {
            FastResolution own = new FastResolution(records, RecordReader.MEMORY, SERIAL, CLOCK, null);
            for (int n = 1; n <= 300 && fault.get() == null; ) {
                boolean mustBeThere = registered.get() >= n;
                byte[] frame = request("1/fresh-" + n);
                int bytes = own.answerOne(Unpooled.wrappedBuffer(frame), 0, frame.length, out.clear());
                boolean found = bytes > 0 && own.code() == ResponseCode.SUCCESS;
                if (mustBeThere && !found) {
                    fault.set("fresh-" + n + " was answered " + bytes + ", " + own.code());
                }
                n += mustBeThere ? 1 : 0;
            }
        });
        asker.start();
        for (int n = 1; n <= 300; n++) {
            put("1/fresh-" + n, HandleValue.text(1, "URL", "https://a.example/", 7));
            registered.set(n);
        }
        asker.join();
        assertThat(fault.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/A", "1/PRIVATE"})
    void makesNoObjects(String handle) throws Exception {
        AtomicLong bytesPerRequest = new AtomicLong(-1);
        Thread loop = new FastThreadLocalThread(() -> bytesPerRequest.set(bytesPerRequest(handle)));
        loop.start();
        loop.join();
        assertThat(bytesPerRequest.get()).isZero();
    }

    private long bytesPerRequest(String handle) {
        byte[] frame = request(handle, List.of("URL"), 7);
        ByteBuf in = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(frame.length)
                .put(frame)
                .flip()); // without a leak detector, which makes objects
        answerTimes(5_000, in, frame.length);
        long before = allocatedBytes();
        answerTimes(10_000, in, frame.length);
        return (allocatedBytes() - before) / 10_000;
    }

    private void answerTimes(int times, ByteBuf in, int length) {
        for (int i = 0; i < times; i++) {
            if (fast.answerOne(in, 0, length, out.clear()) < 100) {
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
        byte[] good = request("1/A", List.of("URL", "X."), 1);
        for (int i = 0; i < 40_000; i++) {
            byte[] frame = Arrays.copyOf(good, random.nextInt(10) == 0 ? random.nextInt(120) : good.length);
            for (int n = random.nextInt(3); n >= 0 && frame.length > 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            byte[] answer = fastAnswer(frame);
            if (answer.length > BriefAnswer.BYTES) {
                assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("https://a.example/");
            }
        }
    }

    @Test
    void staysWithinDamagedRecords() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] list = HandleValueCodec.encodeList(List.of(PRIVATE, HandleValue.text(1, "URL", "x", 7)));
        ByteBuf in = Unpooled.wrappedBuffer(request("1/A", List.of("url"), 3));
        PlainRequest request = new PlainRequest();
        assertThat(request.read(in, 0, in.readableBytes())).isTrue();
        ValueSieve sieve = new ValueSieve();
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer damaged = ByteBuffer.wrap(list.clone());
            damaged.putInt(random.nextInt(list.length - 3), random.nextInt() >> random.nextInt(32));
            int end =
                    sieve.sift(request, damaged, 0, random.nextInt(5) == 0 ? random.nextInt(list.length) : list.length);
            assertThat(end).isLessThanOrEqualTo(list.length);
        }
    }

    @Test
    void foldsAsStringsAreFolded() {
        for (int c = 0; c < 256; c++) {
            long word = (0x4161_7a5a_605b_7b40L & ~0xffL) | c;
            ByteBuffer octets = ByteBuffer.allocate(11)
                    .putLong(word)
                    .put((byte) c)
                    .put((byte) 'q')
                    .put((byte) c);
            ByteBuffer folded = ByteBuffer.wrap(octets.array().clone());
            AsciiFold.fold(folded, 0, 11);
            for (int i = 0; i < 11; i++) {
                byte b = octets.get(i);
                assertThat(folded.get(i)).as("octet %x", b).isEqualTo(b >= 'a' && b <= 'z' ? (byte) (b - 32) : b);
            }
        }
    }
}
