/**
 * The only package that imports {@code org.rocksdb}.
 */
@NullMarked
package io.waymark.storage.rocks;

import org.jspecify.annotations.NullMarked;
