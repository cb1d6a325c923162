/**
 * The trace query over HTTP (Armeria): mapping only.
 */
@NullMarked
package io.waymark.trace.http;

import org.jspecify.annotations.NullMarked;
