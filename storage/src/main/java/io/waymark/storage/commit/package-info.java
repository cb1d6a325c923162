/**
 * Group commit: one writer thread per store turns the offers of many threads into few commits. Knows neither RocksDB nor
 * what is written.
 */
@NullMarked
package io.waymark.storage.commit;

import org.jspecify.annotations.NullMarked;
