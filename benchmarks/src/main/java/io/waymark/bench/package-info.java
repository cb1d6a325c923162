/**
 * JMH benchmarks of single calls.
 */
@NullMarked
package io.waymark.bench;

import org.jspecify.annotations.NullMarked;
