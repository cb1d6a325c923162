/**
 * Counts by day that outlive the process: one small text file per day, written whole and atomically. Readers and the one
 * writer may be different threads.
 */
@NullMarked
package io.waymark.storage.statistics;

import org.jspecify.annotations.NullMarked;
