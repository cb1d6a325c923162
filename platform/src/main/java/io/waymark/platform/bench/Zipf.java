package io.waymark.platform.bench;

import java.util.SplittableRandom;

/**
 * Zipf-distributed numbers in constant time and memory, by rejection-inversion. Ranks are scattered over the range by
 * a multiplication modulo n, because popular identifiers are not neighbours in a store sorted by name.
 *
 * @see "W. Hörmann, G. Derflinger: Rejection-inversion to generate variates from monotone discrete distributions, 1996"
 */
final class Zipf implements Chooser {
    /** A prime, so that rank * SCATTER mod n visits every number of 0…n-1 once unless n is a multiple of it. */
    private static final long SCATTER = 2_654_435_761L;

    private final long n;
    private final double exponent;
    private final double hX1;
    private final double hN;
    private final double accept;
    private final SplittableRandom random;

    Zipf(long n, double exponent, long seed) {
        if (n < 1 || n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("n must be in 1.." + Integer.MAX_VALUE + " but was " + n);
        }
        if (!(exponent > 0 && exponent <= 10)) {
            throw new IllegalArgumentException("the Zipf exponent must be above 0 and at most 10 but was " + exponent);
        }
        this.n = n;
        this.exponent = exponent;
        this.random = new SplittableRandom(seed);
        this.hX1 = integral(1.5) - 1;
        this.hN = integral(n + 0.5);
        this.accept = 2 - inverse(integral(2.5) - height(2));
    }

    @Override
    public long next() {
        return rank() % n * SCATTER % n;
    }

    /** 1…n, 1 most often. */
    long rank() {
        while (true) {
            double u = hN + random.nextDouble() * (hX1 - hN);
            double x = inverse(u);
            long k = Math.max(1, Math.min(n, (long) (x + 0.5)));
            if (k - x <= accept || u >= integral(k + 0.5) - height((double) k)) {
                return k;
            }
        }
    }

    private double height(double x) {
        return Math.exp(-exponent * Math.log(x));
    }

    /** Integral of x^-exponent, written so that an exponent of 1 needs no case of its own. */
    private double integral(double x) {
        double log = Math.log(x);
        return expm1OverX((1 - exponent) * log) * log;
    }

    private double inverse(double x) {
        double t = Math.max(-1, x * (1 - exponent));
        return Math.exp(log1pOverX(t) * x);
    }

    private static double log1pOverX(double x) {
        return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x * (0.5 - x * (1.0 / 3 - 0.25 * x));
    }

    private static double expm1OverX(double x) {
        return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x * 0.5 * (1 + x / 3 * (1 + 0.25 * x));
    }
}
