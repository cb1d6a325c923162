package io.waymark.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time that moves when told; any thread may tell and ask. Clocks of other zones made from it move with it. */
public final class MovableClock extends Clock {
    private final Hands hands;
    private final ZoneId zone;

    /** What clocks of several zones share. */
    private static final class Hands {
        private Instant now;

        Hands(Instant now) {
            this.now = now;
        }

        synchronized Instant now() {
            return now;
        }

        synchronized void set(Instant to) {
            now = to;
        }

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }
    }

    /** Stands at a morning of November 2026, in UTC. */
    public MovableClock() {
        this(Instant.parse("2026-11-22T08:00:00Z"));
    }

    /** Stands there, in UTC. */
    public MovableClock(Instant now) {
        this(new Hands(now), ZoneOffset.UTC);
    }

    private MovableClock(Hands hands, ZoneId zone) {
        this.hands = hands;
        this.zone = zone;
    }

    /** Forward, or back. */
    public void advance(Duration by) {
        hands.advance(by);
    }

    /** To that instant. */
    public void set(Instant to) {
        hands.set(to);
    }

    @Override
    public Instant instant() {
        return hands.now();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new MovableClock(hands, other);
    }
}
