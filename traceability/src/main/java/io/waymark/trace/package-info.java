/**
 * Where has this item been? This package assembles the streams, their stores and their queries.
 */
@NullMarked
package io.waymark.trace;

import org.jspecify.annotations.NullMarked;
