/**
 * The device registry: small, durable on return, any thread.
 */
@NullMarked
package io.waymark.storage.device;

import org.jspecify.annotations.NullMarked;
