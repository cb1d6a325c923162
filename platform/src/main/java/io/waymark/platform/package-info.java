/**
 * The program's entry: {@link io.waymark.platform.Main} names the commands and nothing else. Everything it starts is in
 * the packages below, none of which knows it.
 */
@NullMarked
package io.waymark.platform;

import org.jspecify.annotations.NullMarked;
