/**
 * What is still true after a crash. Opens the stores in order and closes them in reverse.
 */
@NullMarked
package io.waymark.storage;

import org.jspecify.annotations.NullMarked;
