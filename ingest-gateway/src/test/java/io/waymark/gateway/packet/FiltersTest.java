package io.waymark.gateway.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    @ParameterizedTest
    @CsvSource({
        "#, a/b, true", "#, $x, false", "+/b, $x/b, false", "$x/#, $x/b, true", "a/#, a, true", "a/#, a/+/b, true",
        "a/+, a/b, true", "a/+, a/#, false", "a/b, a/+, false", "+/+, a/b, true", "a/+/#, a, false", "a/+/#, a/b, true",
        "#, +/a, true", "a/#, #, false", "a, a/, false", "+, '', true"
    })
    void coversSaysWhetherEverythingIsAllowed(String filter, String other, boolean covers) {
        assertThat(Filters.covers(filter, other)).isEqualTo(covers);
    }

    @ParameterizedTest
    @CsvSource({
        "a/#, #, true",
        "a/+, +/b, true",
        "a/b, a/c, false",
        "a/+/c, a/b, false",
        "a/#, a, true",
        "a/b/#, a/+, true",
        "$x/#, #, false",
        "$x/a, +/a, false",
        "$x/a, $x/+, true",
        "a/+/#, a, false",
        "secret/#, +/x, true"
    })
    void overlapSaysWhetherSomethingIsDenied(String one, String other, boolean overlap) {
        assertThat(Filters.overlap(one, other)).isEqualTo(overlap);
        assertThat(Filters.overlap(other, one)).isEqualTo(overlap);
    }

    /** Against the definition, on every topic of a small world. */
    @Test
    void coverAndOverlapAgreeWithTheTopicsThatMatch() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> topics = topics();
        for (int i = 0; i < 3_000; i++) {
            String one = filter(random);
            String other = filter(random);
            boolean common = topics.stream().anyMatch(t -> Filters.matches(one, t) && Filters.matches(other, t));
            boolean all = topics.stream().filter(t -> Filters.matches(other, t)).allMatch(t -> Filters.matches(one, t));
            assertThat(Filters.overlap(one, other))
                    .as("%s overlaps %s, seed %d", one, other, seed)
                    .isEqualTo(common);
            if (Filters.covers(one, other)) {
                assertThat(all).as("%s covers %s, seed %d", one, other, seed).isTrue();
            }
        }
    }

    private static List<String> topics() {
        List<String> topics = new ArrayList<>();
        String[] levels = {"a", "b", "c", ""};
        for (String first : levels) {
            topics.add(first);
            for (String second : levels) {
                topics.add(first + "/" + second);
                for (String third : levels) {
                    topics.add(first + "/" + second + "/" + third);
                    for (String fourth : levels) {
                        topics.add(first + "/" + second + "/" + third + "/" + fourth);
                    }
                }
            }
        }
        topics.remove("");
        return topics;
    }

    private static String filter(Random random) {
        String[] levels = {"a", "b", "+", "+"};
        int depth = 1 + random.nextInt(3);
        List<String> filter = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            filter.add(levels[random.nextInt(levels.length)]);
        }
        if (random.nextInt(3) == 0) {
            filter.add("#");
        }
        return String.join("/", filter);
    }
}
