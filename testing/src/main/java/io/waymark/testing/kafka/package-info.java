/** A real broker in the tests' own process, and what is written on it. */
@NullMarked
package io.waymark.testing.kafka;

import org.jspecify.annotations.NullMarked;
