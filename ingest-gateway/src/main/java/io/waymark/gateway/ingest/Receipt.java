package io.waymark.gateway.ingest;

/**
 * The messages of a request are durable.
 *
 * @param position of the first in the spool; the others are right behind it
 * @param messages how many
 * @param repeated whether they were durable already when the request came
 */
public record Receipt(long position, int messages, boolean repeated) {
    /** Position of the last. */
    public long last() {
        return position + messages - 1;
    }

    Receipt again() {
        return new Receipt(position, messages, true);
    }
}
