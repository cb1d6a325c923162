package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class FlightsTest {
    @Test
    void neverGivesZeroAndSkipsWhatIsStillOpen() {
        Flights flights = new Flights(8, 7);
        int stays = flights.open(1);
        for (int i = 0; i < 100; i++) {
            int id = flights.open(i);
            assertThat(id).isBetween(1, 7).isNotEqualTo(stays);
            assertThat(flights.close(id)).isEqualTo(i);
        }
        assertThat(flights.isOpen(stays)).isTrue();
        assertThat(flights.size()).isEqualTo(1);
    }

    @Test
    void doesNotTakeALateAnswerForTheSlotsNextRequest() {
        Flights flights = new Flights(8, Integer.MAX_VALUE);
        int late = flights.open(1);
        assertThat(flights.closeDueBefore(2)).isEqualTo(1);
        for (int i = 0; i < 7; i++) {
            flights.open(3);
        }

        assertThat(flights.isOpen(late)).isFalse();
    }

    @Test
    void endsOnlyThoseDueBefore() {
        Flights flights = new Flights(8, Integer.MAX_VALUE);
        flights.open(10);
        int later = flights.open(20);

        assertThat(flights.closeDueBefore(20)).isEqualTo(1);
        assertThat(flights.isOpen(later)).isTrue();
    }

    @Test
    void refusesMoreThanItHasRoomFor() {
        Flights flights = new Flights(8, 7);
        for (int i = 0; i < 7; i++) {
            flights.open(i);
        }

        assertThatIllegalStateException().isThrownBy(() -> flights.open(8)).withMessageContaining("7");
    }
}
