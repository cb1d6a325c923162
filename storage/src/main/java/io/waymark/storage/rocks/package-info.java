/**
 * The only package that imports {@code org.rocksdb}: open, batch, read, scan, close, with the options of every store in
 * one place. Any thread, except where a class says otherwise; native objects are closed by whoever opened them.
 */
@NullMarked
package io.waymark.storage.rocks;

import org.jspecify.annotations.NullMarked;
