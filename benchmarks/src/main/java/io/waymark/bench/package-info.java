/**
 * JMH benchmarks of single calls, each beside the floor below which it cannot come: a resolution beside the bare look-up of
 * the same key, an append beside the bare fsync, a decoded packet beside the bare copy of its payload. Absolute figures
 * belong to a machine; the ratios to the floor of the same run are what to compare.
 */
@NullMarked
package io.waymark.bench;

import org.jspecify.annotations.NullMarked;
