/**
 * Servers that do nothing but speak: what the kernel, the JVM and the protocol cost when there is no store, no session and no
 * disk behind them. Loaded with the same {@code waymark bench} as a real node, in the same minute, they are the floor its
 * figures are divided by.
 */
@NullMarked
package io.waymark.bench.floor;

import org.jspecify.annotations.NullMarked;
