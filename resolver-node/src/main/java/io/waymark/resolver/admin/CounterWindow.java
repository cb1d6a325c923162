package io.waymark.resolver.admin;

import java.util.BitSet;

/**
 * Which of the last {@value #SIZE} counters were seen. Counters may come out of order, as datagrams and parallel connections
 * do, but none twice, and none older than the window. Safe for any thread.
 */
final class CounterWindow {
    static final int SIZE = 256;

    private final BitSet seen = new BitSet(SIZE);
    private long highest;

    /** Whether the counter is new; from then on it is not. */
    synchronized boolean take(int counter) {
        if (counter <= 0 || counter <= highest - SIZE) {
            return false;
        }
        if (counter > highest) {
            advance(counter);
        }
        int place = counter % SIZE;
        if (seen.get(place)) {
            return false;
        }
        seen.set(place);
        return true;
    }

    private void advance(int counter) {
        if (counter - highest >= SIZE) {
            seen.clear();
        } else {
            for (long c = highest + 1; c <= counter; c++) {
                seen.clear((int) (c % SIZE));
            }
        }
        highest = counter;
    }
}
