/**
 * Importing very many records: files are cut into segments, read side by side, checked and sorted into a job's directory
 * that survives a crash, and then loaded into the record store at one stroke, by the process that holds it.
 */
@NullMarked
package io.waymark.platform.bulk;

import org.jspecify.annotations.NullMarked;
