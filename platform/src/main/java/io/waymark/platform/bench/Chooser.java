package io.waymark.platform.bench;

import java.util.SplittableRandom;

/** Picks numbers 0…n-1. One per thread. */
interface Chooser {
    /** The next number. */
    long next();

    /** Every number equally often. */
    static Chooser uniform(long n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return () -> random.nextLong(n);
    }

    /** A few numbers very often, scattered over the range. */
    static Chooser zipf(long n, double exponent, long seed) {
        return new Zipf(n, exponent, seed);
    }
}
