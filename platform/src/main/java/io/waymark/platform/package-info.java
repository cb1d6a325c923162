/**
 * The program: what starts, in what order, and what stops it.
 */
@NullMarked
package io.waymark.platform;

import org.jspecify.annotations.NullMarked;
