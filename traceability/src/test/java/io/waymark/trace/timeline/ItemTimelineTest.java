package io.waymark.trace.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.trace.event.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemTimelineTest {
    private static TimelineEntry entry(String id, long second) {
        return new TimelineEntry(
                id,
                "ObjectEvent",
                Instant.ofEpochSecond(second),
                Action.OBSERVE,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                "",
                "",
                "",
                null);
    }

    @Test
    void mergesByTimeAndShowsEachEventOnce() {
        TimelineEntry shared = entry("b", 2);

        assertThat(ItemTimeline.merge(
                        List.of(entry("a", 1), shared, entry("d", 4)), List.of(shared.about("lot"), entry("c", 3))))
                .containsExactly(entry("a", 1), shared, entry("c", 3), entry("d", 4));
    }

    @Test
    void keepsTheLatest() {
        assertThat(ItemTimeline.latest(List.of(entry("a", 1), entry("b", 2), entry("c", 3)), 2))
                .containsExactly(entry("b", 2), entry("c", 3));
    }
}
