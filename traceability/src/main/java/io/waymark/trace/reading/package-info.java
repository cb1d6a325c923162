/**
 * What did the device say? Profiles turn the octets a device published into readings: tag reads, scans and
 * measurements. Pure functions of the message; any thread; the only failure is {@link
 * io.waymark.trace.reading.UndecodableException}.
 */
@NullMarked
package io.waymark.trace.reading;

import org.jspecify.annotations.NullMarked;
