package io.waymark.identifier.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.SiteInfo.Attribute;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What is written reads back the same, and damaged octets are refused or read, never worse. */
class HandleCodecPropertyTest {
    private static final int RUNS = 2000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void printSeed(TestReporter reporter) {
        reporter.publishEntry("seed", String.valueOf(seed));
    }

    @Test
    void valuesReadBack() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            List<HandleValue> values = some(4, this::value);
            byte[] octets = HandleValueCodec.encodeList(values);
            assertThat(HandleValueCodec.decodeList(ByteBuffer.wrap(octets))).isEqualTo(values);
        }
    }

    @Test
    void administratorsReadBack() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            AdminRecord admin = new AdminRecord(random.nextInt(0x10000), text(), random.nextInt(1 << 30));
            assertThat(AdminRecord.decode(admin.encode())).isEqualTo(admin);
        }
    }

    @Test
    void sitesReadBack() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            SiteInfo site = site();
            assertThat(SiteInfoCodec.decode(SiteInfoCodec.encode(site))).isEqualTo(site);
        }
    }

    @Test
    void damagedOctetsAreRefusedOrRead() {
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            byte[] octets = SiteInfoCodec.encode(site());
            octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            refused += isRefused(octets) ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    private static boolean isRefused(byte[] octets) {
        try {
            return SiteInfoCodec.decode(octets).version() < 0;
        } catch (MalformedRecordException e) {
            return true;
        }
    }

    private HandleValue value() {
        return new HandleValue(
                1 + random.nextInt(1000),
                text(),
                octets(random.nextInt(50)),
                new TimeToLive(random.nextBoolean(), random.nextInt()),
                random.nextInt(),
                random.nextInt(256),
                some(3, () -> new ValueReference(text(), random.nextInt())));
    }

    private SiteInfo site() {
        return new SiteInfo(
                random.nextInt(0x10000),
                random.nextInt(256),
                random.nextInt(256),
                random.nextInt(0x10000),
                random.nextBoolean(),
                random.nextBoolean(),
                pick(HashOption.values()),
                some(3, () -> new Attribute(text(), text())),
                some(
                        3,
                        () -> new Server(
                                random.nextInt(), octets(16), octets(random.nextInt(9)), some(3, this::face))));
    }

    private Interface face() {
        return new Interface(pick(Service.values()), pick(Protocol.values()), random.nextInt(0x10000));
    }

    private <T> List<T> some(int most, Supplier<T> one) {
        return Stream.generate(one).limit(random.nextInt(most + 1)).toList();
    }

    private <T> T pick(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private byte[] octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    /** Letters of one to four octets, the replacement character among them. */
    private String text() {
        String[] letters = {"a", "/", "é", "茶", "\uFFFD", "𝄞"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pick(letters));
        }
        return text.toString();
    }
}
