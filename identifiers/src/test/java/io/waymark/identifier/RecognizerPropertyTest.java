package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Codes damaged at random are recognised or refused; what is recognised has a canonical spelling of its own. */
class RecognizerPropertyTest {
    private static final List<String> CODES = List.of(
            "88.118.8/ABC123",
            "(01)09506000134352(10)LOT7(17)271231(21)6789",
            "]d2010950600013435210LOT7\u001d216789",
            "]E02112345678900|]e099COMPOSITE\u001d98XYZ",
            "https://example.com/x/01/09506000134352/10/L/21/6789?17=271231&linkType=gs1:pip",
            "https://a/eh3066c4409047e14000001a85",
            "urn:epc:id:sgtin:95060001343.05.6789",
            "urn:epc:tag:itip-212:3.9521141.012345.01.02.mw133",
            "urn:epc:raw:96.xE28011606000020964A0B5C5",
            "3976451FD46072CD9615F8800000000000000000000000000000",
            "1.2.156.3088.1",
            "1M8GDM9AXKP042788",
            "MA.156.M0.123456.12345678.SX1",
            "81234567890123456789",
            "6901234567892");
    private static final String ALPHABET = "0123456789ABCXabcx./:()%?&=*]|\\\u001d\u0000 é茶";

    @Test
    void damagedCodesAreRecognisedOrRefused(TestReporter reporter) throws Exception {
        long seed = System.nanoTime();
        reporter.publishEntry("seed", String.valueOf(seed));
        Random random = new Random(seed);
        int recognised = 0;
        for (int run = 0; run < 50_000; run++) {
            String code = damage(CODES.get(random.nextInt(CODES.size())), random);
            Recognition found = recognise(code);
            if (found != null) {
                recognised++;
                Identifier again =
                        Recognizer.recognize(found.identifier().canonical()).identifier();
                assertThat(again).as(code).isEqualTo(found.identifier());
            }
        }
        assertThat(recognised).isBetween(1_000, 49_000);
    }

    private static @org.jspecify.annotations.Nullable Recognition recognise(String code) {
        try {
            return Recognizer.recognize(code);
        } catch (MalformedIdentifierException e) {
            assertThat(e.getMessage()).isNotBlank();
            return null;
        }
    }

    private static String damage(String code, Random random) {
        StringBuilder damaged = new StringBuilder(code);
        for (int times = random.nextInt(3); times >= 0 && damaged.length() > 0; times--) {
            int at = random.nextInt(damaged.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> damaged.setCharAt(at, c);
                case 1 -> damaged.insert(at, c);
                case 2 -> damaged.deleteCharAt(at);
                default -> damaged.setLength(at);
            }
        }
        return damaged.toString();
    }
}
