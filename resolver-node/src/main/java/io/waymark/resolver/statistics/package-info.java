/**
 * How often handles are resolved and registered, by prefix and day. Counting is one addition to a number only its thread
 * writes ({@link io.waymark.resolver.statistics.Lane}); a thread of the package's own adds the threads' numbers up every few
 * seconds and writes the day to disk. What was counted since the last writing is lost in a crash.
 */
@NullMarked
package io.waymark.resolver.statistics;

import org.jspecify.annotations.NullMarked;
