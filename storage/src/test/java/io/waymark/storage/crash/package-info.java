/**
 * Processes that are killed while they write, and what must be found afterwards.
 */
@NullMarked
package io.waymark.storage.crash;

import org.jspecify.annotations.NullMarked;
