package io.waymark.storage.spool;

/**
 * A message with its place in the spool.
 *
 * @param position 1, 2, 3, … without gaps, never reused
 * @param message what was accepted
 */
public record SpoolEntry(long position, SpoolMessage message) {}
