/**
 * Text for a terminal: how wide it is, what it can show, and how tables and timelines are drawn on it. Pure functions
 * from values to lines, except {@link io.waymark.platform.cli.terminal.Screen#ofProcess()}, which looks at the process.
 */
@NullMarked
package io.waymark.platform.cli.terminal;

import org.jspecify.annotations.NullMarked;
