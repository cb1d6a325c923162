/** Tests of the commands, against small HTTP servers of the JDK. */
@NullMarked
package io.waymark.platform.cli;

import org.jspecify.annotations.NullMarked;
