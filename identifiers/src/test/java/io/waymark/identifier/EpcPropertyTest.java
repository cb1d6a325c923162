package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.epc.EpcKey;
import io.waymark.identifier.epc.EpcScheme;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Keys of every layout, partition and filter survive bits, tag URIs and pure identity URIs. */
class EpcPropertyTest {
    private static final int RUNS = 30;
    private static final List<EpcScheme> LAYOUTS = List.of(EpcScheme.values());
    private static final String SET_82 =
            "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private static final String SET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeEach
    void printSeed(TestReporter reporter) {
        reporter.publishEntry("seed", String.valueOf(seed));
    }

    @Test
    void everyLayoutReadsBack() throws Exception {
        for (EpcScheme scheme : EpcScheme.values()) {
            for (int companyDigits = 6; companyDigits <= 12; companyDigits++) {
                for (int run = 0; run < RUNS; run++) {
                    readsBack(scheme, run % 8, companyDigits, key(scheme, companyDigits));
                }
            }
        }
    }

    private static void readsBack(EpcScheme scheme, int filter, int companyDigits, Gs1Key key) throws Exception {
        byte[] bits = EpcBinary.encode(scheme, filter, companyDigits, key);
        EpcTag tag = EpcBinary.decode(bits);
        String urn = EpcUri.of(tag);

        assertThat(tag.problem()).as("%s %s", scheme, key).isEmpty();
        assertThat(tag.identifier()).as(scheme.name()).isEqualTo(key);
        assertThat(tag.scheme()).contains(scheme);
        assertThat(tag.filter()).isEqualTo(filter);
        assertThat(tag.companyDigits()).isEqualTo(companyDigits);
        assertThat(EpcUri.parse(urn).tag().orElseThrow().bits()).as(urn).isEqualTo(bits);
        assertThat(EpcUri.parse(EpcUri.of(key, companyDigits)).identifier()).isEqualTo(key);
        assertThat(Recognizer.recognize(key.canonical()).identifier()).isEqualTo(key);
        assertThat(Recognizer.recognize(tag.hex()).identifier()).isEqualTo(key);
    }

    @Test
    void everyUriOfAKeyWithoutBitsReadsBack() throws Exception {
        for (int companyDigits = 6; companyDigits <= 12; companyDigits++) {
            for (EpcKey kind : new EpcKey[] {EpcKey.UPUI, EpcKey.GINC, EpcKey.GSIN, EpcKey.PGLN}) {
                String serial = kind == EpcKey.UPUI ? text(SET_82, 28) : "";
                Gs1Key key = EpcBinary.keyOf(kind, value(kind, companyDigits, text(SET_82, 10)), serial);
                assertThat(EpcUri.parse(EpcUri.of(key, companyDigits)).identifier())
                        .isEqualTo(key);
            }
        }
    }

    /** Whatever the bits are, they are read or kept, and what is read writes back to the same bits. */
    @Test
    void randomBitsAreReadOrKept() throws Exception {
        int read = 0;
        for (int run = 0; run < 20_000; run++) {
            EpcScheme layout = LAYOUTS.get(random.nextInt(LAYOUTS.size()));
            byte[] bits = new byte[2 * (1 + random.nextInt(15))];
            random.nextBytes(bits);
            bits[0] = (byte) layout.header();
            EpcTag tag = EpcBinary.decode(bits);
            if (tag.identifier() instanceof Gs1Key key) {
                read++;
                byte[] written = EpcBinary.encode(layout, tag.filter(), tag.companyDigits(), key);
                assertThat(java.util.Arrays.copyOf(written, Math.max(written.length, bits.length)))
                        .as(tag.hex())
                        .isEqualTo(java.util.Arrays.copyOf(bits, Math.max(written.length, bits.length)));
            } else {
                assertThat(Recognizer.recognize(tag.identifier().canonical()).identifier())
                        .isEqualTo(tag.identifier());
            }
        }
        assertThat(read).isPositive();
    }

    /** As above, for layouts that are only read. */
    @Test
    void randomBitsOfTheSecondGenerationAreReadOrKept() throws Exception {
        int read = 0;
        for (int run = 0; run < 20_000; run++) {
            byte[] bits = new byte[2 * (5 + random.nextInt(10))];
            random.nextBytes(bits);
            bits[0] = (byte) (0xE6 + random.nextInt(0xFE - 0xE6));
            Identifier thing = EpcBinary.decode(bits).identifier();
            read += thing.scheme() == Scheme.GS1 ? 1 : 0;
            assertThat(Recognizer.recognize(thing.canonical()).identifier()).isEqualTo(thing);
        }
        assertThat(read).isPositive();
    }

    private Gs1Key key(EpcScheme scheme, int companyDigits) {
        int partition = 12 - companyDigits;
        EpcKey kind = scheme.key();
        String reference = switch (scheme.referenceForm()) {
            case DIGITS -> "";
            case NUMBER -> String.valueOf((random.nextLong() >>> random.nextInt(62)) & maskOf(scheme, partition));
            case SEVEN_BIT -> text(SET_82, 30 - companyDigits);
            case SIX_BIT -> text(SET_39, 30 - companyDigits);
        };
        return EpcBinary.keyOf(kind, value(kind, companyDigits, reference), serial(scheme));
    }

    private static long maskOf(EpcScheme scheme, int partition) {
        return Long.highestOneBit(scheme.maxReference(partition)) - 1;
    }

    private String value(EpcKey kind, int companyDigits, String textReference) {
        long company = below(EpcKey.powerOfTen(companyDigits));
        if (kind.hasTextReference()) {
            return EpcBinary.padded(company, companyDigits) + textReference;
        }
        long reference = below(EpcKey.powerOfTen(kind.referenceDigits(companyDigits)));
        String value = kind.compose(company, companyDigits, reference);
        int total = 1 + random.nextInt(99);
        return kind == EpcKey.ITIP
                ? value + EpcBinary.padded(1 + random.nextInt(total), 2) + EpcBinary.padded(total, 2)
                : value;
    }

    private String serial(EpcScheme scheme) {
        int size = scheme.serialSize();
        return switch (scheme.serialForm()) {
            case NONE -> "";
            case NUMBER -> String.valueOf(below(Math.min(1L << size, 1_000_000_000_000L)));
            case ONE_AND_NUMBER -> EpcBinary.padded(below(1_000_000_000L), 1 + random.nextInt(12));
            case SEVEN_BIT -> text(SET_82, size);
        };
    }

    private long below(long bound) {
        return Math.floorMod(random.nextLong(), bound);
    }

    private String text(String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
