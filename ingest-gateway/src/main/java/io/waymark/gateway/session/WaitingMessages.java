package io.waymark.gateway.session;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages in memory that one client has not been sent yet, in order. Guarded by their queue. */
final class WaitingMessages {
    /** A message in memory and its octets, on disk if it is there. */
    record Waiting(Delivery delivery, int octets) {}

    private static final int AHEAD_MAX = 64;
    private static final long AHEAD_OCTETS_MAX = 256 * 1024;

    private final ArrayDeque<Waiting> messages = new ArrayDeque<>(0);
    private long octets;

    int size() {
        return messages.size();
    }

    long octets() {
        return octets;
    }

    /** Whether a message that lies on disk may also be kept here until it is sent. */
    boolean mayReadAhead() {
        return messages.size() < AHEAD_MAX && octets < AHEAD_OCTETS_MAX;
    }

    /** Whether so few are left that more are to be read from disk. */
    boolean isRunningOut() {
        return messages.size() < AHEAD_MAX / 4;
    }

    void add(Delivery delivery, int size) {
        messages.add(new Waiting(delivery, size));
        octets += size;
    }

    @Nullable
    Waiting peek() {
        return messages.peek();
    }

    void remove() {
        octets -= messages.remove().octets();
    }

    List<Waiting> takeAll() {
        List<Waiting> all = List.copyOf(messages);
        messages.clear();
        octets = 0;
        return all;
    }
}
