/**
 * The device registry.
 */
@NullMarked
package io.waymark.storage.device;

import org.jspecify.annotations.NullMarked;
