package io.waymark.storage.record;

import java.security.SecureRandom;

/** Names of bulks: random, so that whoever prepares one needs to ask nobody. */
final class BulkIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private BulkIds() {}

    /** Never 0, and one more is a number too. */
    static long draw() {
        return 1 + RANDOM.nextLong(Long.MAX_VALUE - 1);
    }
}
