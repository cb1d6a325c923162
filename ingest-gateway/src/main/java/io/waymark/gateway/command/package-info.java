/**
 * Messages for devices: accepted durably, given to the device where it is connected or kept until it is or until they expire, and
 * told what became of them. The store is the spool's, one write for each change.
 *
 * @see "docs/adr: commands are kept by the gateway and handed to one session"
 */
@NullMarked
package io.waymark.gateway.command;

import org.jspecify.annotations.NullMarked;
