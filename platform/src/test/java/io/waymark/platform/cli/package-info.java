/** Tests of the commands, against small HTTP servers of the JDK or nodes with a real registry. */
@NullMarked
package io.waymark.platform.cli;

import org.jspecify.annotations.NullMarked;
