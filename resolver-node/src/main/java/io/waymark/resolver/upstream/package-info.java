/**
 * Resolutions that other nodes must answer: referred to them, or, where that is allowed and asked for, passed on.
 */
@NullMarked
package io.waymark.resolver.upstream;

import org.jspecify.annotations.NullMarked;
