/**
 * How many datagrams a source may make the node send. UDP addresses can be forged: what the node sends to a source may be
 * what somebody else asked for in its name. Pure decisions: time is passed in, nothing is sent here.
 */
@NullMarked
package io.waymark.resolver.rate;

import org.jspecify.annotations.NullMarked;
