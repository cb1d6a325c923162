/**
 * Very many records at once: sorted runs on disk (external merge sort in bounded memory), a check of their merged order
 * against the store, table files, and one atomic ingestion. Nothing of it is visible before; a failure leaves only files in
 * the directory that was given.
 *
 * <p>Starts no threads: work that can be done side by side goes to the executor it is given.
 */
@NullMarked
package io.waymark.storage.bulk;

import org.jspecify.annotations.NullMarked;
