package io.waymark.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.packet.Filters;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations against a plain map and a matcher that reads like the standard. */
class TopicTreePropertyTest {
    private static final String[] LEVELS = {"a", "b", "", "$s", "+", "#"};

    /** Level by level, recursively: slow and plain. */
    private static boolean matches(List<String> filter, List<String> topic) {
        if (filter.isEmpty()) {
            return topic.isEmpty();
        }
        if (filter.get(0).equals("#")) {
            return true;
        }
        return !topic.isEmpty()
                && (filter.get(0).equals("+") || filter.get(0).equals(topic.get(0)))
                && matches(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }

    private static boolean matches(String filter, String topic) {
        boolean hidden = topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"));
        return !hidden && matches(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
    }

    private static String random(Random random, int kinds) {
        List<String> levels = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            levels.add(LEVELS[random.nextInt(kinds)]);
        }
        return String.join("/", levels);
    }

    private static Subscription to(String filter) {
        return new Subscription(filter, 0, false, false, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesLikeAMapOfFilters(long seed) {
        Random random = new Random(seed);
        TopicTree<String> tree = new TopicTree<>();
        Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            String filter = random(random, LEVELS.length);
            String subscriber = "s" + random.nextInt(3);
            String pair = subscriber + " " + filter;
            if (Topics.isFilter(filter)) {
                if (random.nextBoolean()) {
                    assertThat(tree.put(subscriber, to(filter))).isEqualTo(model.put(pair, filter) == null);
                } else {
                    assertThat(tree.remove(subscriber, filter)).isEqualTo(model.remove(pair) != null);
                }
            }
            assertThat(tree.size()).isEqualTo(model.size());
            assertSameMatches(tree, model, random(random, LEVELS.length - 2));
        }
    }

    private static void assertSameMatches(TopicTree<String> tree, Map<String, String> model, String topic) {
        List<String> found = new ArrayList<>();
        tree.match(topic, (subscriber, subscription) -> found.add(subscriber + " " + subscription.filter()));
        TreeSet<String> expected = new TreeSet<>();
        model.forEach((pair, filter) -> {
            if (matches(filter, topic)) {
                expected.add(pair);
            }
        });
        assertThat(found).as("topic %s", topic).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void retainedMessagesMatchTheSameWay(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String filter = random(random, LEVELS.length);
            String topic = random(random, LEVELS.length - 2);
            if (Topics.isFilter(filter)) {
                assertThat(Filters.matches(filter, topic))
                        .as("%s on %s", filter, topic)
                        .isEqualTo(matches(filter, topic));
            }
        }
    }

    @Test
    void anEmptyTreeKeepsNoNodes() {
        TopicTree<String> tree = new TopicTree<>();
        tree.put("s", to("a/b/c"));
        tree.put("s", to("a/+/#"));
        assertThat(tree.remove("s", "a/b/c")).isTrue();
        assertThat(tree.remove("s", "a/b/c")).isFalse();
        assertThat(tree.remove("s", "a/+/#")).isTrue();
        List<String> found = new ArrayList<>();
        tree.match("a/b/c", (subscriber, subscription) -> found.add(subscriber));
        assertThat(found).isEmpty();
        assertThat(tree.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "#, true",
        "+, true",
        "a/#, true",
        "+/+/a, true",
        "/, true",
        "$SYS/#, true",
        "$share/g/a, true",
        "a#, false",
        "#/a, false",
        "a/#/b, false",
        "a+, false",
        "+a/b, false",
        "'', false",
        "$share/g, false",
        "$share//a, false",
        "$share/g+/a, false",
        "$share/g/, false"
    })
    void knowsWhatIsAFilter(String filter, boolean valid) {
        assertThat(Topics.isFilter(filter)).isEqualTo(valid);
    }

    @Test
    void countsLevels() {
        assertThat(TopicTree.isTooDeep("/".repeat(TopicTree.LEVELS_MAX - 1))).isFalse();
        assertThat(TopicTree.isTooDeep("/".repeat(TopicTree.LEVELS_MAX))).isTrue();
    }

    @Test
    void expiredRetainedMessagesAreNotShownAndGo() {
        Retained retained = new Retained(10, 10_000);
        MessageProperties brief = new MessageProperties(-1, 1, "", "", new byte[0], List.of());
        retained.put(new LiveMessage("a", 0, true, brief, LiveMessage.expiry(brief, 0), new byte[] {1}));
        List<LiveMessage> found = new ArrayList<>();
        retained.match("a", 999_999_999L, found::add);
        retained.match("#", 1_000_000_000L, found::add);
        assertThat(found).hasSize(1);
        assertThat(retained.expired(999_999_999L)).isEmpty();
        assertThat(retained.expired(1_000_000_000L)).containsExactly("a");
        retained.remove(Objects.requireNonNull(retained.get("a")));
        assertThat(retained.size()).isZero();
        assertThat(retained.octets()).isZero();
    }
}
