package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers what became of each write, and that it was told only once. Thread-safe. */
final class RecordedCompletions {
    private final Map<Integer, Long> durable = new TreeMap<>();
    private final Map<Integer, Throwable> failed = new TreeMap<>();
    private final List<Integer> order = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    /** The completion of write number n. */
    Spool.Completion of(int n) {
        return new Spool.Completion() {
            @Override
            public void durable(long position) {
                told(n);
                synchronized (RecordedCompletions.this) {
                    durable.put(n, position);
                }
            }

            @Override
            public void failed(Throwable cause) {
                told(n);
                synchronized (RecordedCompletions.this) {
                    failed.put(n, cause);
                }
            }
        };
    }

    synchronized Map<Integer, Long> durable() {
        return new TreeMap<>(durable);
    }

    synchronized Map<Integer, Throwable> failed() {
        return new TreeMap<>(failed);
    }

    synchronized List<Integer> order() {
        return List.copyOf(order);
    }

    synchronized int count() {
        return order.size();
    }

    synchronized void assertEachToldOnce() {
        assertThat(violations).isEmpty();
    }

    private synchronized void told(int n) {
        if (durable.containsKey(n) || failed.containsKey(n)) {
            violations.add("write " + n + " was told twice");
        }
        order.add(n);
    }
}
