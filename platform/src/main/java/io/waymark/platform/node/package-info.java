/**
 * A running node: what starts, in what order, what stops it, and what it leaves in the data directory (lock, token,
 * ready file). Started and stopped by one thread.
 */
@NullMarked
package io.waymark.platform.node;

import org.jspecify.annotations.NullMarked;
