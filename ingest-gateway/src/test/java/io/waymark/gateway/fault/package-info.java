/** What breaks around a gateway, and what it promised nevertheless. */
@NullMarked
package io.waymark.gateway.fault;

import org.jspecify.annotations.NullMarked;
