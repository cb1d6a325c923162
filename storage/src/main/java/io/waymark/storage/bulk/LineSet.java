package io.waymark.storage.bulk;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A set of lines of the input, one bit each. One thread. */
final class LineSet {
    private final List<BitSet> segments = new ArrayList<>();
    private long size;

    /** Whether the line was not in the set before. */
    boolean add(int segment, int line) {
        while (segments.size() <= segment) {
            segments.add(new BitSet());
        }
        if (segments.get(segment).get(line)) {
            return false;
        }
        segments.get(segment).set(line);
        size++;
        return true;
    }

    boolean contains(int segment, int line) {
        return segment < segments.size() && segments.get(segment).get(line);
    }

    long size() {
        return size;
    }

    void clear() {
        segments.clear();
        size = 0;
    }
}
