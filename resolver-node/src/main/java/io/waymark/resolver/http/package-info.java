/**
 * The node's web face: Handle JSON REST, browser redirects and pages, GS1 Digital Link and linksets. Mapping only: plain
 * values in, plain values out, no sockets and no buffers.
 */
@NullMarked
package io.waymark.resolver.http;

import org.jspecify.annotations.NullMarked;
