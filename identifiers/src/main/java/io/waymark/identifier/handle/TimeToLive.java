package io.waymark.identifier.handle;

/**
 * How long a value may be cached.
 *
 * @param absolute false: {@code seconds} counts from retrieval; true: it is a point in time since 1970 UTC
 * @param seconds not negative for relative lives
 */
public record TimeToLive(boolean absolute, int seconds) {
    /** A day from retrieval: the protocol's default. */
    public static final TimeToLive DAY = new TimeToLive(false, 86_400);
}
