package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bounds what reading an input may allocate, so that no length is believed before its octets are there. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long FIXED = 500_000;
    private static final long PER_OCTET = 2_000;

    private Allocations() {}

    public static void bounded(byte[] input, Runnable reading) {
        bounded(FIXED, input, reading);
    }

    /**
     * Reads twice, because the first time may load classes.
     *
     * @param fixed bytes that are allowed whatever the input
     */
    public static void bounded(long fixed, byte[] input, Runnable reading) {
        reading.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.run();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated for %d octets", input.length)
                .isLessThan(fixed + PER_OCTET * input.length);
    }
}
