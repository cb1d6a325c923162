package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT 5.0 §4.7, its own examples first. */
class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1",
        "sport/tennis/player1/#, sport/tennis/player1/ranking",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon",
        "sport/#, sport",
        "#, a/b/c",
        "#, a",
        "sport/tennis/+, sport/tennis/player1",
        "+, finance",
        "+/+, /finance",
        "/+, /finance",
        "sport/+, sport/",
        "sport/+/player1, sport//player1",
        "$SYS/#, $SYS/x",
        "$SYS/monitor/+, $SYS/monitor/Clients",
        "a/b, a/b"
    })
    void matches(String filter, String topic) {
        assertThat(new TopicFilter(filter).matches(topic)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sport/+, sport",
        "+, /finance",
        "sport/tennis/+, sport/tennis/player1/ranking",
        "#, $SYS/x",
        "+/monitor/Clients, $SYS/monitor/Clients",
        "a/b, a/B",
        "a/b, a/b/c",
        "a/b/c, a/b",
        "a/#, ab",
        "a/b, a/bc",
        "a/b, ''",
        "a/+/#, a"
    })
    void doesNotMatch(String filter, String topic) {
        assertThat(new TopicFilter(filter).matches(topic)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/b", "a#", "a/b+", "+a", "#/", "a\0"})
    void refusesIllFormedFilters(String filter) {
        assertThatThrownBy(() -> new TopicFilter(filter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic filter");
    }
}
