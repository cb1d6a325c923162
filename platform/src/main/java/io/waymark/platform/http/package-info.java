/**
 * The platform's HTTP door (Armeria): registry, devices, ingest, look-up, health, metrics, console. Convenience first;
 * the hot resolution door is the resolver's own.
 *
 * <p>Each service is a small annotated class over one room's public interface. Methods that read a store are marked
 * blocking and run on Armeria's bounded blocking pool; nothing waits on an event loop.
 */
@NullMarked
package io.waymark.platform.http;

import org.jspecify.annotations.NullMarked;
