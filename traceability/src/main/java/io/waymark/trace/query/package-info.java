/**
 * Interactive queries: reads timelines from the local state stores. Any thread.
 */
@NullMarked
package io.waymark.trace.query;

import org.jspecify.annotations.NullMarked;
