/**
 * Accepts what devices publish and loses nothing acknowledged. This package assembles the gateway.
 */
@NullMarked
package io.waymark.gateway;

import org.jspecify.annotations.NullMarked;
