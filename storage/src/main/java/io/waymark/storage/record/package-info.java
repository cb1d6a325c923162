/**
 * Identifier records. One writer thread, any number of readers.
 */
@NullMarked
package io.waymark.storage.record;

import org.jspecify.annotations.NullMarked;
