package io.waymark.trace.reading;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of one message: a message may hold many readings, some of them bad, and the bad ones do not spoil the good.
 *
 * @param items the readings in the message's order, each with the profile that read it
 * @param skipped words for what was understood and holds no reading ({@code heartbeat}, {@code antennaConnected}, …)
 * @param problems what could not be understood
 */
public record Decoding(List<Item> items, List<String> skipped, List<Problem> problems) {
    /**
     * A reading and the profile that read it.
     *
     * @param profile the profile
     * @param reading the reading
     */
    public record Item(Profile profile, Reading reading) {}

    /**
     * Something not understood.
     *
     * @param reason machine word
     * @param detail sentence
     */
    public record Problem(Reason reason, String detail) {}

    /** Copies the lists. */
    public Decoding {
        items = List.copyOf(items);
        skipped = List.copyOf(skipped);
        problems = List.copyOf(problems);
    }

    static Decoding problem(UndecodableException e) {
        return new Decoding(List.of(), List.of(), List.of(new Problem(e.reason(), e.detail())));
    }

    /** Collects while a message is walked. */
    static final class Builder {
        private final List<Item> items = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        void add(Profile profile, Reading reading) {
            items.add(new Item(profile, reading));
        }

        void skip(String word) {
            skipped.add(word);
        }

        void problem(UndecodableException e, String where) {
            problems.add(new Problem(e.reason(), where + e.detail()));
        }

        Decoding build() {
            return new Decoding(items, skipped, problems);
        }
    }
}
