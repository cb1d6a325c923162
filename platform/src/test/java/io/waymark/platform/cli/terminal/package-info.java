/** Tests of what is drawn on terminals. */
@NullMarked
package io.waymark.platform.cli.terminal;

import org.jspecify.annotations.NullMarked;
