package io.waymark.trace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.trace.capture.Presence.Interval;
import io.waymark.trace.capture.Presence.Sighting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceTest {
    private static final long WINDOW = 5_000;

    private static Presence of(long... reads) {
        Presence presence = Presence.none();
        for (long read : reads) {
            presence = presence.seen(read, WINDOW).presence();
        }
        return presence;
    }

    @Test
    void firstReadIsNews() {
        assertThat(Presence.none().seen(0, WINDOW).news()).isTrue();
    }

    @Test
    void readAtTheEdgeOfTheWindowIsNoNewsAndStretchesTheStay() {
        Sighting sighting = of(10_000).seen(15_000, WINDOW);

        assertThat(sighting.news()).isFalse();
        assertThat(sighting.presence().intervals()).containsExactly(new Interval(10_000, 15_000));
        assertThat(sighting.presence().seen(20_001, WINDOW).news()).isTrue();
    }

    @Test
    void lateReadStretchesTheStayBackwards() {
        assertThat(of(10_000, 6_000).intervals()).containsExactly(new Interval(6_000, 10_000));
    }

    @Test
    void lateReadBetweenTwoStaysJoinsThem() {
        assertThat(of(10_000, 18_000, 14_000).intervals()).containsExactly(new Interval(10_000, 18_000));
    }

    @Test
    void lateReadOfItsOwnIsNews() {
        assertThat(of(100_000).seen(10_000, WINDOW).news()).isTrue();
    }

    @Test
    void onlyTheLatestStaysAreRemembered() {
        Presence presence = Presence.none();
        for (long stay = 0; stay < 20; stay++) {
            presence = presence.seen(stay * 60_000, WINDOW).presence();
        }
        assertThat(presence.intervals()).hasSize(Presence.INTERVALS_MAX).endsWith(new Interval(1_140_000, 1_140_000));
    }

    @Test
    void windowOfZeroKeepsOnlySameInstantsTogether() {
        assertThat(of(7).seen(7, 0).news()).isFalse();
        assertThat(of(7).seen(8, 0).news()).isTrue();
    }

    /** Against the definition: sort all reads; a stay ends where the next read is more than a window away. */
    @ParameterizedTest
    @ValueSource(longs = {7, 20261122})
    void orderOfArrivalDoesNotChangeTheStays(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Long> reads = new ArrayList<>();
            for (int i = random.nextInt(1, 25); i > 0; i--) {
                reads.add((long) random.nextInt(40_000));
            }
            List<Interval> expected = stays(reads);
            Collections.shuffle(reads, random);
            Presence presence = of(reads.stream().mapToLong(Long::longValue).toArray());

            assertThat(presence.intervals())
                    .as("seed " + seed + " reads " + reads)
                    .isEqualTo(expected);
        }
    }

    private static List<Interval> stays(List<Long> reads) {
        List<Interval> stays = new ArrayList<>();
        for (long read : new TreeSet<>(reads)) {
            Interval last = stays.isEmpty() ? null : stays.get(stays.size() - 1);
            if (last != null && read - last.last() <= WINDOW) {
                stays.set(stays.size() - 1, new Interval(last.first(), read));
            } else {
                stays.add(new Interval(read, read));
            }
        }
        return stays;
    }

    @Test
    void storedFormIsStable() {
        byte[] golden = {
            1, // version
            0,
            0,
            0,
            0,
            0,
            0,
            0x27,
            0x10, // first: 10000
            0,
            0,
            0,
            0,
            0,
            0,
            0x3a,
            (byte) 0x98 // last: 15000
        };
        assertThat(of(10_000, 15_000).toBytes()).isEqualTo(golden);
        assertThat(Presence.fromBytes(golden)).isEqualTo(of(10_000, 15_000));
        assertThat(Presence.fromBytes(null)).isEqualTo(Presence.none());
    }

    @Test
    void refusesAnotherVersionAndTornOctets() {
        assertThatThrownBy(() -> Presence.fromBytes(new byte[] {2})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Presence.fromBytes(new byte[] {1, 0})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Presence.fromBytes(new byte[0])).isInstanceOf(IllegalStateException.class);
    }
}
