/**
 * From a reading to an event: who is it (identification), where and in which business step (read-point rules), and is it
 * news (presence). Pure functions; the topology calls them on its stream threads.
 */
@NullMarked
package io.waymark.trace.capture;

import org.jspecify.annotations.NullMarked;
