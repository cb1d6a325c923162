/**
 * A small blocking Handle client for command lines, demonstrations and tools. It knows nothing of this node and works
 * against any Handle server.
 */
@NullMarked
package io.waymark.resolver.client;

import org.jspecify.annotations.NullMarked;
