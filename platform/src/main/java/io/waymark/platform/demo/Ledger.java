package io.waymark.platform.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the gateway acknowledged in this run, in the order each device published it. */
final class Ledger {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One acknowledged message.
     *
     * @param device who published it
     * @param topic where
     * @param payload what; unique in a run, because every message carries its time and number
     * @param roundTrip from publishing to the acknowledgement
     */
    record Entry(String device, String topic, String payload, Duration roundTrip) {}

    void add(String device, String topic, byte[] payload, Duration roundTrip) {
        entries.add(new Entry(device, topic, new String(payload, StandardCharsets.UTF_8), roundTrip));
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    int size() {
        return entries.size();
    }

    /** The middle of the round-trip times from this entry on. */
    Duration medianSince(int first) {
        List<Duration> times = entries.subList(first, entries.size()).stream()
                .map(Entry::roundTrip)
                .sorted()
                .toList();
        return times.get(times.size() / 2);
    }
}
