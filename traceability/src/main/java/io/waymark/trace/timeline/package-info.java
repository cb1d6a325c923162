/**
 * Where has this item been? Keys that sort an item's events by event time, the compact entry kept for each, and the answer
 * made of them. Pure functions and values.
 */
@NullMarked
package io.waymark.trace.timeline;

import org.jspecify.annotations.NullMarked;
