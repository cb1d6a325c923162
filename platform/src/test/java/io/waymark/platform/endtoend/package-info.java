/**
 * The whole program from outside: the built {@code waymark serve} as a process, real foreign clients on its listeners, and what
 * Kafka holds afterwards. Whatever waits here waits long, because the machine may be busy, and goes on at once when it can.
 */
@NullMarked
package io.waymark.platform.endtoend;

import org.jspecify.annotations.NullMarked;
