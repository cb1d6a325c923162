/**
 * Identifier records as the resolver serves them: stored in wire form, found by folded handle or by alias. One writer
 * thread per store, any number of readers.
 */
@NullMarked
package io.waymark.storage.record;

import org.jspecify.annotations.NullMarked;
