/** Tests of the demo: its decisions alone, and the whole of it as a process. */
@NullMarked
package io.waymark.platform.demo;

import org.jspecify.annotations.NullMarked;
