/** What is deployed, held against the program: every file here is read by the tool it is for, every name in it must exist. */
@NullMarked
package io.waymark.deploy;

import org.jspecify.annotations.NullMarked;
