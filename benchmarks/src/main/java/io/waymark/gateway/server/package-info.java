/** JMH for what the gateway's server keeps to itself. */
@NullMarked
package io.waymark.gateway.server;

import org.jspecify.annotations.NullMarked;
