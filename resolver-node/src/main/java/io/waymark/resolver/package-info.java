/**
 * Given a name, answer; given a change, record it. This package assembles the node.
 */
@NullMarked
package io.waymark.resolver;

import org.jspecify.annotations.NullMarked;
