package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real messages, damaged at random. */
class ReadingDecoderPropertyTest {
    private static final List<String> MESSAGES = List.of(
            "{\"timestamp\":\"2026-11-22T07:59:58.123456789Z\",\"hostname\":\"impinj-14-46-36\",\"eventType\":\"tagInventory\","
                    + "\"tagInventoryEvent\":{\"epcHex\":\"3066C4409047E14000001A85\",\"antennaPort\":1,\"peakRssiCdbm\":-5234}}",
            "{\"cmd\":\"s\",\"sn\":\"1\",\"data\":\"NjkwMTIzNDU2Nzg5Mg==\",\"amount\":\"8.50\",\"time\":\"2026-11-22 15:30:00\"}",
            "{\"code\":\"(01)09506000134352(10)TEA7(21)6789\",\"ts\":1795334398000,\"bizStep\":\"packing\"}",
            "{\"code\":\"88.118.8/ABC\",\"temperature\":86.5,\"temperatureUnit\":\"°C\",\"values\":{\"x\":1e3}}",
            "[{\"epc\":\"3066C4409047E14000001A85\"},{\"code\":\"https://example.com/01/09506000134352/21/7?17=271231\"}]",
            "]C1010950600013435210TEA7\u001d216789");

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 424242})
    void damagedMessagesAreDecodedOrRefusedAndNothingElse(long seed) throws Exception {
        Random random = new Random(seed);
        int events = 0;
        for (int round = 0; round < 4_000; round++) {
            byte[] whole = MESSAGES.get(random.nextInt(MESSAGES.size())).getBytes(StandardCharsets.UTF_8);
            byte[] damaged = damage(whole, random);
            events += Follow.message(damaged, ProfileOptions.defaults());
        }
        // some damage does no harm: the property is not held by refusing everything
        assertThat(events).as("seed " + seed).isBetween(400, 3_900);
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] damaged = whole.clone();
        for (int blows = random.nextInt(4); blows > 0; blows--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }
}
