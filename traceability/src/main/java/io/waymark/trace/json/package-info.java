/**
 * How observations, events and timelines are written: EPCIS 2.0 JSON-LD for events, compact JSON for what only Waymark
 * reads. Pure functions, any thread.
 */
@NullMarked
package io.waymark.trace.json;

import org.jspecify.annotations.NullMarked;
